/** 照片压缩. A photograph made small enough for a street's line; its place and camera data stay behind. */

/** Longest side that is kept: a notice on a wall can still be read. */
const LONGEST = 2048;
const QUALITY = 0.82;
/** Smaller pictures go as they are, so that a screenshot keeps its sharp letters. */
const SMALL_BYTES = 600 * 1024;

/**
 * The picture to send in place of `file`: turned upright, at most 2048 pixels a side, JPEG. The file itself where it is
 * no photograph, is small already, or the browser cannot read it (the server then says what it takes).
 */
export async function smallerPicture(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file;
  const photo = file.type !== "image/png";
  if (!photo && file.size <= SMALL_BYTES) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || (!photo && blob.size >= file.size)) return file;
    return new File([blob], `${file.name.replace(/\.[^.]*$/, "") || "照片"}.jpg`, { type: "image/jpeg" });
  } catch {
    return file;
  }
}
