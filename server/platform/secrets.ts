/** 个人信息加密. SM4-CBC with HMAC-SM3 over the whole (encrypt, then authenticate); Node has no SM4-GCM. */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomFillSync,
  timingSafeEqual,
} from "node:crypto";

export interface Secrets {
  /** Encrypts text; the answer holds version, iv, ciphertext and tag. */
  seal(text: string): Buffer;
  /** Decrypts what `seal` made; throws when it was altered or the key is another. */
  open(sealed: Buffer): string;
  /** A keyed digest for equality search (a phone number); cannot be tried out without the key. */
  digest(text: string): Buffer;
}

const VERSION = 1;
const IV = 16;
const TAG = 32;

/** Random bytes drawn ahead: asking for sixteen at a time costs as much as the encryption itself. None is used twice. */
const pool = Buffer.alloc(256 * IV);
let used = pool.length;
function nextIv(): Buffer {
  if (used + IV > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const iv = Buffer.from(pool.subarray(used, used + IV));
  pool.fill(0, used, used + IV);
  used += IV;
  return iv;
}

/** `key` is 32 bytes: the first 16 encrypt (SM4), the last 16 authenticate and digest (HMAC-SM3). */
export function secretsOf(key: Buffer): Secrets {
  if (key.length !== 32) throw new Error("the key must have 32 bytes");
  // Key objects, not buffers: node:crypto prepares a buffer anew at every call, which costs four times the work itself.
  const cipherKey = createSecretKey(key.subarray(0, 16));
  const macKey = createSecretKey(key.subarray(16));
  const tagOf = (data: Buffer): Buffer => createHmac("sm3", macKey).update(data).digest();
  return {
    seal(text) {
      const iv = nextIv();
      const cipher = createCipheriv("sm4-cbc", cipherKey, iv);
      const body = Buffer.concat([Buffer.from([VERSION]), iv, cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([body, tagOf(body)]);
    },
    open(sealed) {
      const body = sealed.subarray(0, sealed.length - TAG);
      if (
        sealed.length < 1 + IV + 16 + TAG ||
        !timingSafeEqual(tagOf(body), sealed.subarray(sealed.length - TAG))
      ) {
        throw new Error("sealed text was altered or sealed with another key");
      }
      const decipher = createDecipheriv("sm4-cbc", cipherKey, body.subarray(1, 1 + IV));
      return Buffer.concat([decipher.update(body.subarray(1 + IV)), decipher.final()]).toString("utf8");
    },
    digest: (text) => createHmac("sm3", macKey).update("digest\0").update(text, "utf8").digest(),
  };
}
