/** 登录设备. What a browser calls itself, in the few words by which a person knows the device again. */

const BROWSERS: readonly (readonly [zh: string, pattern: RegExp])[] = [
  ["Edge", /Edg(?:e|A|iOS)?\/(\d+)/],
  ["微信", /MicroMessenger\/(\d+)/],
  ["Firefox", /(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/],
  ["Safari", /Version\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/],
];

const SYSTEMS: readonly (readonly [zh: string, pattern: RegExp])[] = [
  ["鸿蒙", /HarmonyOS|OpenHarmony/],
  ["安卓手机", /Android/],
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["Windows", /Windows NT/],
  ["Mac", /Macintosh/],
  ["Linux", /Linux|X11/],
];

/** "Chrome 147 · Windows"; "其他设备" when it says nothing that is known. */
export function deviceOf(userAgent: string): string {
  const browser = BROWSERS.map(([zh, pattern]) => {
    const found = pattern.exec(userAgent);
    return found ? `${zh} ${found[1] ?? ""}`.trim() : null;
  }).find((name) => name !== null);
  const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0];
  return [browser, system].filter((part) => part !== undefined).join(" · ") || "其他设备";
}
