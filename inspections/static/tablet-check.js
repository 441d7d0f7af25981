// Says in plain words whether this browser can work without a network, and why not.

/** @param {string} words @param {boolean | null} good */
function line(words, good) {
  const item = document.createElement("li");
  const mark = good === null ? "未定" : good ? "可以" : "不行";
  item.textContent = `${mark}：${words}`;
  document.getElementById("checks")?.append(item);
}

/** Whether a record can be written and read back. @returns {Promise<boolean>} */
const storage = () => new Promise((good) => {
  try {
    const request = indexedDB.open("check", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("rows");
    request.onerror = () => good(false);
    request.onsuccess = () => {
      request.result.close();
      indexedDB.deleteDatabase("check");
      good(true);
    };
  } catch {
    good(false);
  }
});

async function check() {
  const secure = window.isSecureContext;
  line(secure ? "页面由可信的 https 打开" : "页面是 http，或证书不受信任：请改用 https 地址并安装本县证书", secure);
  const worker = "serviceWorker" in navigator;
  line(worker ? "浏览器能在断网时打开页面" : secure ? "浏览器不支持断网打开页面：请换 Chrome、Edge 或华为浏览器"
    : "http 页面断网后打不开", worker);
  const stores = await storage();
  line(stores ? "浏览器能把填写内容存在本机" : "浏览器不让网页存内容（可能是无痕模式）", stores);
  const modules = "noModule" in document.createElement("script") && CSS.supports("selector(:has(a))");
  line(modules ? "浏览器版本够新" : "浏览器过旧，请更新", modules);
  const kept = await navigator.storage?.persisted?.().catch(() => null);
  line(kept ? "浏览器已承诺长期保存" : "浏览器没有承诺长期保存：请把页面添加到主屏幕，并在空间充足时使用", kept ?? null);
  const ready = secure && worker && stores && modules;
  const verdict = document.getElementById("verdict");
  if (verdict) verdict.textContent = ready ? "可以离线填写。" : "现在不能离线填写：请看下面标“不行”的几条；有网时仍可用网页填写。";
}

check();
