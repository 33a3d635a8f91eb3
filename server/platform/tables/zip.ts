/** 压缩包. Reads the entries of a zip by its central directory, and inflates them under a limit, checked by size and CRC. */
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { FileRefused } from "./table.ts";

/** Inflated bytes that a table may have: a million rows of forty columns stay below it. */
const MAX_INFLATED = 3 * 1024 ** 3;
/** A spreadsheet shrinks ten- to fortyfold; what shrinks more is made to fill the disk or the memory. */
const MAX_RATIO = 300;
const RATIO_FREE = 32 * 1024 ** 2;
const MAX_ENTRIES = 20_000;

export interface Zip {
  /** Names as in the package, for lookup without regard to case or a leading slash. */
  has(name: string): boolean;
  /** The inflated bytes of an entry, in chunks. Throws FileRefused when damaged or beyond `limit` bytes. */
  read(name: string, limit?: number): AsyncGenerator<Buffer>;
}

interface Entry {
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const WIDE = 0xffffffff;

export async function openZip(path: string): Promise<Zip> {
  const file = await open(path);
  try {
    const entries = await readDirectory(file);
    const find = (name: string): Entry | undefined => entries.get(keyOf(name));
    return {
      has: (name) => find(name) !== undefined,
      read: (name, limit = MAX_INFLATED) => inflate(path, find(name), limit),
    };
  } finally {
    await file.close();
  }
}

async function readDirectory(file: FileHandle): Promise<Map<string, Entry>> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new FileRefused("damaged");
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (count > MAX_ENTRIES || start === WIDE) throw new FileRefused("too-large");
  if (start + length > size) throw new FileRefused("damaged");
  const directory = await readAt(file, start, length);
  const entries = new Map<string, Entry>();
  let total = 0;
  for (let i = 0, at = 0; i < count; i++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL)
      throw new FileRefused("damaged");
    const entry: Entry = {
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    };
    if (entry.flags & 1) throw new FileRefused("encrypted");
    if (entry.size === WIDE || entry.packed === WIDE || entry.offset === WIDE)
      throw new FileRefused("too-large");
    const nameLength = directory.readUInt16LE(at + 28);
    entries.set(keyOf(directory.toString("utf8", at + 46, at + 46 + nameLength)), entry);
    total += entry.size;
    if (total > MAX_INFLATED) throw new FileRefused("too-large");
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function* inflate(path: string, entry: Entry | undefined, limit: number): AsyncGenerator<Buffer> {
  if (!entry || (entry.method !== 8 && entry.method !== 0)) throw new FileRefused("damaged");
  if (entry.size > limit || isBomb(entry.size, entry.packed)) throw new FileRefused("too-large");
  const start = await dataStart(path, entry);
  if (entry.packed === 0) return;
  const packed = createReadStream(path, { start, end: start + entry.packed - 1, highWaterMark: 1 << 17 });
  const plain = entry.method === 0 ? packed : packed.pipe(createInflateRaw({ chunkSize: 1 << 17 }));
  packed.on("error", (error) => plain.destroy(error));
  let size = 0;
  let crc = 0;
  try {
    for await (const chunk of plain) {
      if (!Buffer.isBuffer(chunk)) throw new Error("a byte stream gave text");
      size += chunk.length;
      // The directory may understate the size: what counts is what comes out.
      if (size > limit || isBomb(size, entry.packed)) throw new FileRefused("too-large");
      if (size > entry.size) throw new FileRefused("damaged");
      crc = crc32(chunk, crc);
      yield chunk;
    }
  } catch (error) {
    if (isDamage(error)) throw new FileRefused("damaged");
    throw error;
  } finally {
    packed.destroy();
    plain.destroy();
  }
  if (size !== entry.size || crc !== entry.crc) throw new FileRefused("damaged");
}

async function dataStart(path: string, entry: Entry): Promise<number> {
  const file = await open(path);
  try {
    const head = await readAt(file, entry.offset, 30);
    if (head.readUInt32LE(0) !== LOCAL) throw new FileRefused("damaged");
    return entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length || length < 22) throw new FileRefused("damaged");
  return buffer;
}

const isBomb = (size: number, packed: number): boolean => size > RATIO_FREE && size > packed * MAX_RATIO;

const isDamage = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_");

const keyOf = (name: string): string => name.replaceAll("\\", "/").replace(/^\/+/, "").toLowerCase();
