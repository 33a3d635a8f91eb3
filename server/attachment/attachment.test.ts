import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileName, kindOf } from "../platform/files/sniff.ts";
import { bring, done, look, refused } from "../testing/tickets.ts";
import { openTown, type Town } from "../testing/town.ts";

const UNIT = "学院路街道";
const PNG = Buffer.from(
  "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f0300050001ff3d5b1d0000000049454e44ae426082",
  "hex",
);

let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

test("a handler's photo is kept by its digest, told in the history, and comes back byte for byte", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  const put = done(
    await handler.upload(`/api/tickets/${id}/attachments`, "现场 修复后.PNG.exe", PNG, "text/html"),
  );
  assert.deepEqual([put.name, put.mime, put.size], ["现场 修复后.PNG.exe.png", "image/png", PNG.length]);

  const ticket = await look(handler, id);
  assert.equal(ticket.attachments.length, 1);
  assert.equal(ticket.attachments[0].unit.name, "学院路");
  assert.deepEqual([ticket.events[0].kind, ticket.events[0].zh], ["attach", "添加附件"]);

  const got = await handler.get(`/api/tickets/${id}/attachments/${put.id}?show=1`);
  assert.ok(got.raw.equals(PNG));
  assert.equal(got.headers["content-type"], "image/png");
  assert.equal(got.headers["x-content-type-options"], "nosniff");
  assert.match(String(got.headers["content-disposition"]), /^inline; filename\*=UTF-8''%E7%8E%B0/);
  assert.match(String(got.headers["content-security-policy"]), /default-src 'none'/);
  const saved = await handler.get(`/api/tickets/${id}/attachments/${put.id}`);
  assert.match(String(saved.headers["content-disposition"]), /^attachment;/);
});

test("the same picture on two tickets is one file on the disk", async () => {
  const supervisor = await town.as("supervisor");
  for (const stop of ["triage", "received"] as const) {
    const id = await bring(town, stop, UNIT);
    done(await supervisor.upload(`/api/tickets/${id}/attachments`, "a.png", PNG));
  }
  const folders = await readdir(join(town.shell.files, "attachments"), { recursive: true });
  assert.equal(folders.filter((f) => /[0-9a-f]{64}$/.test(f)).length, 1);
  assert.equal(folders.filter((f) => f.endsWith(".half")).length, 0);
});

test("a photo sent again because the answer was lost on the line is on the ticket once, and once in its history", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  const first = done(await handler.upload(`/api/tickets/${id}/attachments`, "现场.png", PNG));
  const again = done(await handler.upload(`/api/tickets/${id}/attachments`, "现场.png", PNG));
  assert.equal(again.id, first.id);
  const ticket = await look(handler, id);
  assert.equal(ticket.attachments.length, 1);
  assert.equal(ticket.events.filter((e: { kind: string }) => e.kind === "attach").length, 1);
});

test("another unit neither sees nor adds files; a unit whose round is over adds none", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  const stranger = await town.as("handler", "清河街道");
  const { id: file } = done(await handler.upload(`/api/tickets/${id}/attachments`, "a.png", PNG));
  assert.equal(refused(await stranger.get(`/api/tickets/${id}/attachments/${file}`), 404), "not-found");
  assert.equal(
    refused(await stranger.upload(`/api/tickets/${id}/attachments`, "b.png", PNG), 404),
    "not-found",
  );
  const other = await bring(town, "handling", UNIT);
  assert.equal(refused(await handler.get(`/api/tickets/${other}/attachments/${file}`), 404), "not-found");
  const closed = await bring(town, "closed", UNIT);
  assert.equal(
    refused(await handler.upload(`/api/tickets/${closed}/attachments`, "b.png", PNG), 409),
    "attach-not-now",
  );
});

test("a file is hidden with a reason by who brought it or the shift lead; the row and its story stay", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  const triager = await town.as("triager");
  const lead = await town.as("shiftLead");
  const url = `/api/tickets/${id}/attachments`;
  const { id: file } = done(await handler.upload(url, "身份证13812345678.png", PNG));
  assert.equal(
    refused(await triager.post(`${url}/${file}/hide`, { reason: "传错了" }), 403),
    "not-your-file",
  );
  assert.equal(refused(await lead.post(`${url}/${file}/hide`, { reason: " " }), 422), "bad-input");
  done(await lead.post(`${url}/${file}/hide`, { reason: "含他人证件" }));
  assert.equal(refused(await handler.get(`${url}/${file}`), 404), "not-found");
  assert.equal(refused(await lead.post(`${url}/${file}/hide`, { reason: "含他人证件" }), 404), "not-found");
  const ticket = await look(handler, id);
  assert.equal(ticket.attachments[0].hidden.reason, "含他人证件");
  assert.equal(ticket.attachments[0].name, "身份证［电话］.png");
  assert.equal(ticket.events[0].kind, "detach");
});

test("programs, macros, archives, empty files and 20 MB and one byte are refused in words", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  const put = (name: string, bytes: Buffer) => handler.upload(`/api/tickets/${id}/attachments`, name, bytes);
  const zip = (parts: string) => Buffer.concat([Buffer.from("504b0304", "hex"), Buffer.from(parts)]);
  assert.equal(refused(await put("图.png", Buffer.from("MZ\x90\0\x03\0\0\0")), 422), "file-kind");
  assert.equal(refused(await put("a.zip", zip("readme.txt")), 422), "file-kind");
  const macro = zip("[Content_Types].xml word/document.xml word/vbaProject.bin");
  assert.equal(refused(await put("a.docx", macro), 422), "file-kind");
  assert.equal(refused(await put("a.txt", Buffer.alloc(0)), 422), "file-empty");
  const large = Buffer.concat([PNG, Buffer.alloc(20 * 1024 * 1024)]);
  assert.equal(refused(await put("a.png", large), 413), "too-large");
  assert.equal(refused(await handler.post(`/api/tickets/${id}/attachments`, {}), 422), "file-missing");
  assert.equal((await look(handler, id)).attachments.length, 0);
});

test("a page of markup is saved as plain text and never shown", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  const html = Buffer.from("<script>alert(1)</script>");
  const {
    id: file,
    mime,
    name,
  } = done(await handler.upload(`/api/tickets/${id}/attachments`, "x.html", html));
  assert.deepEqual([mime, name], ["text/plain", "x.html.txt"]);
  const got = await handler.get(`/api/tickets/${id}/attachments/${file}?show=1`);
  assert.match(String(got.headers["content-disposition"]), /^attachment/);
});

test("a file that rotted on the disk is not handed out as if it were whole", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  const note = Buffer.from("办理记录：已与物业约定周五复查。");
  const { id: file } = done(await handler.upload(`/api/tickets/${id}/attachments`, "记录.txt", note));
  const all = await readdir(join(town.shell.files, "attachments"), { recursive: true });
  const kept = await town.shell.db
    .selectFrom("attachment")
    .select("sha256")
    .where("id", "=", file)
    .executeTakeFirstOrThrow();
  const path = all.find((f) => f.endsWith(kept.sha256.toString("hex"))) ?? "";
  await writeFile(join(town.shell.files, "attachments", path), "坏了");
  assert.equal(refused(await handler.get(`/api/tickets/${id}/attachments/${file}`), 410), "file-gone");
});

test("kinds are told from bytes, names lose paths and gain the right ending", () => {
  const kind = kindOf(PNG, "evil.html");
  assert.equal(kind?.mime, "image/png");
  const old = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600)]);
  assert.equal(kindOf(old, "表.XLS")?.mime, "application/vnd.ms-excel");
  assert.equal(kindOf(old, "表.exe"), null);
  assert.equal(kindOf(Buffer.from([0xd6, 0xd0, 0xce, 0xc4]), "中文.txt")?.mime, "text/plain");
  assert.ok(kind);
  assert.equal(fileName("..\\..\\etc/pass\u202ewd", kind), "passwd.png");
  assert.equal(fileName("", kind), "附件.png");
  assert.equal(fileName("IMG_1.PNG", kind), "IMG_1.png");
});
