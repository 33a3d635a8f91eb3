/**
 * `npm run screens`: a picture of every screen of test/screens into docs/screens/, at the office's and the lead's sizes
 * and on a phone, light and dark, with an index; from the demonstration district alone, at an hour that stands still, so
 * that a picture changes only when its screen does. `npm run screens -- rank phone` makes those named so.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openEmbedded } from "@jiesu/server/platform/postgres/embedded.ts";
import type { Page } from "playwright-core";
import { SCREENS } from "../test/screens/all.ts";
import { type District, openDistrict } from "../test/screens/district.ts";
import { LEAD, OFFICE, PHONE, type Screen, type Size } from "../test/screens/screen.ts";
import { ensureWebBuilt } from "./bootstrap.mjs";

const ROOT = path.join(import.meta.dirname, "..");
const INTO = path.join(ROOT, "docs", "screens");
const TICKETS = 3000;
/** Text stays sharp at this, at a fifth of a PNG's size. */
const QUALITY = 80;

interface View {
  readonly name: "1440" | "1920" | "phone";
  readonly zh: string;
  readonly size: Size;
}

const VIEWS: readonly View[] = [
  { name: "1440", zh: "1440×900", size: OFFICE },
  { name: "1920", zh: "1920×1080", size: LEAD },
  { name: "phone", zh: "手机 390×844", size: PHONE },
];

const viewsOf = (screen: Screen): readonly View[] =>
  VIEWS.filter((v) => (v.name === "phone" ? screen.phone !== undefined : screen.phone !== "only"));
const fileOf = (screen: Screen, view: View, dark: boolean): string =>
  `${screen.key}-${view.name}${dark ? "-dark" : ""}.webp`;

const words = process.argv.slice(2);
const wanted = (file: string): boolean => words.length === 0 || words.some((word) => file.includes(word));

await ensureWebBuilt(process.execPath);
mkdirSync(INTO, { recursive: true });
const failed = await withDistrict(async (district) => {
  const missing: string[] = [];
  for (const screen of SCREENS)
    for (const dark of [false, true])
      await take(district, screen, dark).catch((error: unknown) => {
        missing.push(screen.key);
        console.error(
          `${screen.key}${dark ? " (dark)" : ""}: ${error instanceof Error ? error.message : error}`,
        );
      });
  return missing;
});
if (words.length === 0 && failed.length === 0) removeOthers();
writeFileSync(path.join(INTO, "README.md"), index());
const bytes = readdirSync(INTO).reduce((sum, name) => sum + readFileSync(path.join(INTO, name)).length, 0);
console.log(`docs/screens: ${readdirSync(INTO).length - 1} pictures, ${(bytes / 1e6).toFixed(1)} MB`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function take(district: District, screen: Screen, dark: boolean): Promise<void> {
  for (const phone of [false, true]) {
    const views = viewsOf(screen).filter(
      (v) => (v.name === "phone") === phone && wanted(fileOf(screen, v, dark)),
    );
    const [first] = views;
    if (!first) continue;
    const page = await district.show(screen, first.size, dark);
    for (const view of views) {
      await page.setViewportSize(view.size);
      await page.waitForTimeout(500);
      keep(fileOf(screen, view, dark), await picture(page));
    }
    await page.context().close();
  }
}

/** WebP, which Playwright's own screenshots cannot be; the blinking caret is not drawn. */
async function picture(page: Page): Promise<Buffer> {
  await page.addStyleTag({
    content:
      "*,*::before,*::after{caret-color:transparent!important;transition:none!important;animation:none!important}",
  });
  await page.waitForTimeout(100);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY });
  await session.detach();
  return Buffer.from(data, "base64");
}

/** A picture that did not change is not written. */
function keep(name: string, content: Buffer): void {
  const file = path.join(INTO, name);
  const same = existsSync(file) && readFileSync(file).equals(content);
  if (!same) writeFileSync(file, content);
  console.log(`docs/screens/${name}  ${same ? "unchanged" : `${Math.round(content.length / 1024)} KB`}`);
}

/** Pictures of screens that are no more. */
function removeOthers(): void {
  const known = new Set(
    SCREENS.flatMap((s) => viewsOf(s).flatMap((v) => [fileOf(s, v, false), fileOf(s, v, true)])),
  );
  for (const name of readdirSync(INTO))
    if (name !== "README.md" && !known.has(name)) rmSync(path.join(INTO, name));
}

function index(): string {
  const lines = [
    "# 画面",
    "",
    "每个画面在办公室屏幕（1440×900）、值班长屏幕（1920×1080）和手机（390×844）上的样子，浅色与深色。由 `npm run screens` 从演示辖区生成，时间停在 2026-11-20 10:30；请勿手工修改。",
    "",
  ];
  for (const screen of SCREENS) {
    lines.push(`## ${screen.zh}`, "");
    const facts = [screen.route && `地址 \`${screen.route}\``, screen.login && `账号 \`${screen.login}\``];
    lines.push(facts.filter(Boolean).join("，") || "登录之前", "");
    const [first] = viewsOf(screen);
    if (first) lines.push(`![${screen.zh}](${fileOf(screen, first, false)})`, "");
    const links = viewsOf(screen).flatMap((view) =>
      [false, true].map((dark) => `[${view.zh}${dark ? " 深色" : ""}](${fileOf(screen, view, dark)})`),
    );
    lines.push(links.join(" · "), "");
  }
  return lines.join("\n");
}

/** The district over a PostgreSQL of its own, in a temporary folder. */
async function withDistrict<T>(work: (district: District) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(path.join(tmpdir(), "jiesu-screens-"));
  chmodSync(scratch, 0o711); // under root PostgreSQL runs as another user, who must pass through
  const pgHome = process.env.JIESU_PG_HOME ?? "/var/lib/jiesu";
  const database = await openEmbedded({ dataDir: path.join(scratch, "data"), pgHome });
  process.env.JIESU_TEST_PG = database.adminUrl;
  try {
    const district = await openDistrict(SCREENS, TICKETS);
    try {
      return await work(district);
    } finally {
      await district.close();
    }
  } finally {
    await database.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
