// Makes a photograph small enough to send over a weak line, upright and without hidden data, on the tablet.

const SIZES = { scene: { side: 1600, quality: 0.72 }, document: { side: 2048, quality: 0.8 } };
const THUMB = { side: 240, quality: 0.6 };
/** Decoding more than this ends small tablets; such a picture is refused in a sentence. */
const MOST_BYTES = 40 * 1024 * 1024;

/** What is wrong with a picture, for the person. */
export class NoPicture extends Error {}

/** @param {ImageBitmap} picture @param {{side: number, quality: number}} size @returns {Promise<ArrayBuffer>} */
async function encoded(picture, { side, quality }) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((good) => canvas.toBlob(good, "image/jpeg", quality));
  canvas.width = canvas.height = 0; // gives the memory back at once
  if (!blob) throw new NoPicture("照片像素过多，本机处理不了，请降低分辨率后再拍。");
  return /** @type {Blob} */ (blob).arrayBuffer();
}

/**
 * The photograph as it will be sent, and a thumbnail, both JPEG without position or camera data.
 * Raises NoPicture for a file that no browser here can show (HEIC, broken).
 * @param {File} file @param {"scene" | "document"} kind
 */
export async function shrunk(file, kind) {
  if (!file.size) throw new NoPicture("照片文件是空的，请重新拍摄。");
  if (file.size > MOST_BYTES) throw new NoPicture("照片超过 40 MB，请降低分辨率后再拍。");
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    const head = new TextDecoder("latin1").decode(await file.slice(4, 12).arrayBuffer().catch(() => new ArrayBuffer(0)));
    throw new NoPicture(
      head.startsWith("ftyp")
        ? "这是苹果手机的 HEIC 格式，本机打不开，请在相机设置中改为“兼容性最佳”后重拍。"
        : "这个文件不是照片或已损坏，请重新拍摄。",
    );
  }
  try {
    return { bytes: await encoded(picture, SIZES[kind]), thumb: await encoded(picture, THUMB) };
  } finally {
    picture.close();
  }
}

/** Where the tablet is, with the accuracy in metres; null where it is not known within 20 seconds. */
export const place = () =>
  new Promise((good) => {
    if (!navigator.geolocation) return good(null);
    const limit = setTimeout(() => good(null), 20_000);
    return navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        clearTimeout(limit);
        good({ lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy });
      },
      () => good(null),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    );
  });
