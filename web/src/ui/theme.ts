/**
 * 配色. One palette for Ant Design and for our own styles, light and dark.
 * Colours mean one thing each: red overdue 超期, amber near due 临期, blue mine (waiting for me, allowed to me),
 * plum refused. Every pair of text and ground here passes 4.5:1.
 */
import { type ThemeConfig, theme } from "antd";

export type Mode = "light" | "dark";

interface Palette {
  readonly ground: string;
  readonly surface: string;
  readonly raised: string;
  readonly hover: string;
  readonly line: string;
  readonly edge: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly mine: string;
  readonly mineFill: string;
  readonly mineHover: string;
  readonly mineTint: string;
  readonly overdue: string;
  readonly overdueTint: string;
  readonly near: string;
  readonly nearTint: string;
  readonly nearFill: string;
  readonly wrong: string;
  readonly wrongTint: string;
  readonly mark: string;
  readonly shade: string;
}

const PALETTES: Readonly<Record<Mode, Palette>> = {
  light: {
    ground: "#eef0f3",
    surface: "#ffffff",
    raised: "#f7f8fa",
    hover: "#f0f2f5",
    line: "#e0e4ea",
    edge: "#bcc3ce",
    ink: "#15181e",
    ink2: "#3a4350",
    ink3: "#566070",
    mine: "#1250b8",
    mineFill: "#1456c8",
    mineHover: "#0f469f",
    mineTint: "#e4edfd",
    overdue: "#b3161b",
    overdueTint: "#fde9e8",
    near: "#7d4a00",
    nearTint: "#fdf0d2",
    nearFill: "#d98a00",
    wrong: "#8a1560",
    wrongTint: "#fbe9f4",
    mark: "#dff0e6",
    shade: "rgb(16 20 28 / 0.42)",
  },
  dark: {
    ground: "#0d0f13",
    surface: "#16191f",
    raised: "#1c2027",
    hover: "#22272f",
    line: "#2a2f38",
    edge: "#4a5260",
    ink: "#eceff4",
    ink2: "#bec5d0",
    ink3: "#9aa3b2",
    mine: "#86b1ff",
    mineFill: "#2b66d4",
    mineHover: "#2357ba",
    mineTint: "#15294c",
    overdue: "#ff938d",
    overdueTint: "#421a1b",
    near: "#f3be58",
    nearTint: "#3a2b0c",
    nearFill: "#e0a030",
    wrong: "#f295c9",
    wrongTint: "#3e1830",
    mark: "#17402b",
    shade: "rgb(0 0 0 / 0.6)",
  },
};

const FONT = '"Microsoft YaHei","PingFang SC","Noto Sans SC Variable","Noto Sans SC",system-ui,sans-serif';

const STORED = "jiesu.mode";

/** The mode last chosen on this machine, or what the system asks for. */
export function startingMode(): Mode {
  const stored = localStorage.getItem(STORED);
  if (stored === "light" || stored === "dark") return stored;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Writes the palette on the document, where every style reads it, and remembers the choice. */
export function applyMode(mode: Mode): void {
  const root = document.documentElement;
  root.dataset.mode = mode;
  root.style.colorScheme = mode;
  for (const [name, colour] of Object.entries(PALETTES[mode])) root.style.setProperty(`--${name}`, colour);
}

export function rememberMode(mode: Mode): void {
  localStorage.setItem(STORED, mode);
}

/** Ant Design's tokens out of the palette. `touch` makes targets big enough for a thumb. */
export function antTheme(mode: Mode, touch: boolean): ThemeConfig {
  const p = PALETTES[mode];
  return {
    algorithm: mode === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      fontFamily: FONT,
      fontSize: 14,
      borderRadius: 5,
      borderRadiusSM: 4,
      controlHeight: touch ? 44 : 32,
      controlHeightSM: touch ? 42 : 28,
      motion: false,
      colorPrimary: p.mineFill,
      colorPrimaryHover: p.mineHover, // the lighter one that is made of it fails white words
      colorLink: p.mine,
      colorLinkHover: p.mine,
      colorLinkActive: p.mine,
      colorError: p.wrong,
      colorWarning: p.nearFill,
      colorText: p.ink,
      colorTextSecondary: p.ink2,
      colorTextTertiary: p.ink3,
      colorTextQuaternary: p.ink3,
      colorTextPlaceholder: p.ink3,
      colorTextDescription: p.ink3,
      colorTextDisabled: p.ink3,
      colorBgLayout: p.ground,
      colorBgContainer: p.surface,
      colorBgElevated: mode === "dark" ? p.raised : p.surface,
      colorBorder: p.edge,
      colorBorderSecondary: p.line,
      controlItemBgActive: p.mineTint,
      controlItemBgHover: p.hover,
    },
    // words of a plain button under the pointer: what is readable under white words is not so on a dark ground
    components: { Button: { defaultHoverColor: p.mine, defaultHoverBorderColor: p.mine } },
  };
}
