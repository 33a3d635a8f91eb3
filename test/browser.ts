/**
 * A headless Chromium for journeys and pictures, with nothing installed by hand: the browser, the libraries that a
 * bare Debian lacks and a Chinese font all come out of npm packages. CHROMIUM_PATH names a browser of one's own.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";

const require = createRequire(import.meta.url);

/** Not the package's own switches: those turn the browser's security off. */
const SWITCHES = [
  "--no-sandbox",
  "--no-zygote",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--hide-scrollbars",
];

export async function launchBrowser(): Promise<Browser> {
  const own = process.env.CHROMIUM_PATH;
  const home = await unpacked(Boolean(own));
  return chromium.launch({
    executablePath: own || path.join(home, "chromium"),
    args: SWITCHES,
    env: {
      ...definedEnv(),
      FONTCONFIG_FILE: fontConfig(home),
      ...(own ? {} : { LD_LIBRARY_PATH: libraries(home) }),
    },
  });
}

/** The folder with the unpacked browser, named by its version and whose it is: unpacked once, whoever comes first. */
async function unpacked(own: boolean): Promise<string> {
  const { version } = JSON.parse(
    readFileSync(path.join(packageRoot("@sparticuz/chromium"), "package.json"), "utf8"),
  );
  const home = path.join(
    tmpdir(),
    `jiesu-chromium-${own ? "fonts" : version}-${process.getuid?.() ?? "user"}`,
  );
  if (existsSync(home)) return home;
  const making = mkdtempSync(path.join(tmpdir(), "jiesu-chromium-"));
  if (!own) await unpackInto(making);
  try {
    renameSync(making, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
    rmSync(making, { recursive: true, force: true }); // another process was quicker
  }
  return home;
}

/** The package unpacks into the temporary folder, and its libraries only where it believes itself on Lambda. */
async function unpackInto(folder: string): Promise<void> {
  const before = { ...process.env };
  process.env.TMPDIR = folder;
  process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    await packed.executablePath();
  } finally {
    for (const name of ["TMPDIR", "AWS_EXECUTION_ENV", "FONTCONFIG_PATH", "HOME", "LD_LIBRARY_PATH"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** A font configuration with the npm font alone, so that Chinese is Chinese and pictures are alike everywhere. */
function fontConfig(home: string): string {
  const fonts = packageRoot("@expo-google-fonts/noto-sans-sc");
  const file = path.join(home, "fonts.conf");
  mkdirSync(home, { recursive: true });
  const folders = ["400Regular", "700Bold"]
    .map((weight) => `<dir>${path.join(fonts, weight)}</dir>`)
    .join("");
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders}<cachedir>${path.join(home, "font-cache")}</cachedir></fontconfig>`,
  );
  return file;
}

function libraries(home: string): string {
  return [path.join(home, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
}

function packageRoot(name: string): string {
  return path.join(
    require.resolve(`${name}`).split(`${path.sep}node_modules${path.sep}`)[0] ?? "",
    "node_modules",
    name,
  );
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
