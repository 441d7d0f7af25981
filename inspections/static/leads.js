/** The case room's side of sealed leads. The private key stays in this browser: nothing here sends it anywhere. */

const OAEP = { name: "RSA-OAEP", hash: "SHA-256" };
const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const wrapped = (kind, buffer) =>
  `-----BEGIN ${kind}-----\n${base64(buffer).match(/.{1,64}/g).join("\n")}\n-----END ${kind}-----\n`;

/** @param {File} file a private key in PEM (PKCS 8) */
async function privateKey(file) {
  const text = (await file.text()).replace(/-----[^-]+-----/g, "").replace(/\s+/g, "");
  return crypto.subtle.importKey("pkcs8", bytes(text), OAEP, false, ["decrypt"]);
}

/** What is in the first of the envelopes that this key opens: there is one for each holder. */
async function firstOpened(key, envelopes) {
  return Promise.any(envelopes.map((envelope) => crypto.subtle.decrypt(OAEP, key, bytes(envelope))));
}

function say(where, words) {
  where.textContent = words;
  where.hidden = false;
}

const maker = document.getElementById("make-key");
maker?.addEventListener("click", async () => {
  const pair = await crypto.subtle.generateKey(
    { ...OAEP, modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]) }, true, ["encrypt", "decrypt"],
  );
  const secret = wrapped("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const link = Object.assign(document.createElement("a"), { download: "案管室私钥.pem" });
  link.href = URL.createObjectURL(new Blob([secret], { type: "application/x-pem-file" }));
  link.click();
  document.getElementById("pem").value = wrapped("PUBLIC KEY", await crypto.subtle.exportKey("spki", pair.publicKey));
  say(document.getElementById("key-made"), "私钥已下载到本机，请存入专用介质妥善保管；两位持有人的私钥都丢失时，已密封的线索无法解开。现在登记公钥。");
});

for (const chooser of document.querySelectorAll("[data-challenge]")) {
  chooser.addEventListener("change", async () => {
    const told = chooser.closest("form").querySelector("[data-told]");
    try {
      const key = await privateKey(chooser.files[0]);
      const answer = await crypto.subtle.decrypt(OAEP, key, bytes(chooser.dataset.challenge));
      chooser.closest("form").elements.answer.value = new TextDecoder().decode(answer);
      say(told, "已解开，请提交验证。");
    } catch {
      say(told, "这把私钥解不开：请选择与公钥配对的私钥文件。");
    }
  });
}

document.getElementById("print-lead")?.addEventListener("click", () => window.print());

const sealed = document.getElementById("sealed");
document.getElementById("private-key")?.addEventListener("change", async (event) => {
  const told = document.getElementById("told");
  try {
    const key = await privateKey(event.target.files[0]);
    const raw = await firstOpened(key, sealed.dataset.wrapped.split(" "));
    const secret = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const bound = new TextEncoder().encode(sealed.dataset.number);
    const how = { name: "AES-GCM", iv: bytes(sealed.dataset.nonce), additionalData: bound };
    const plain = await crypto.subtle.decrypt(how, secret, bytes(sealed.dataset.body));
    const said = JSON.parse(new TextDecoder().decode(plain));
    for (const place of sealed.querySelectorAll("[data-field]")) place.textContent = said[place.dataset.field] || "—";
    const hash = await crypto.subtle.digest("SHA-256", bytes(sealed.dataset.body));
    const hex = Array.from(new Uint8Array(hash), (one) => one.toString(16).padStart(2, "0")).join("");
    const field = document.getElementById("sha256");
    if (field) field.value = hex;
    sealed.hidden = false;
    document.getElementById("print-lead").hidden = false;
    say(told, "已在本机解开；离开本页后不留痕迹。打印件由案管室专人保管。");
  } catch {
    say(told, "解不开：私钥不对，或内容在途中被改动。");
  }
});
