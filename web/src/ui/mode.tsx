/** Light or dark, mouse or thumb: what Ant Design is told, and the switch. */
import { ConfigProvider } from "antd";
import zhCN from "antd/locale/zh_CN";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { antTheme, applyMode, type Mode, rememberMode, startingMode } from "./theme.ts";

const ModeContext = createContext<{ mode: Mode; toggle: () => void }>({ mode: "light", toggle: () => {} });

export function useMode() {
  return useContext(ModeContext);
}

export function Appearance({ children }: { children: ReactNode }) {
  const [mode, setMode] = useState<Mode>(startingMode);
  const touch = useMedia("(max-width: 640px), (pointer: coarse)");
  const theme = useMemo(() => antTheme(mode, touch), [mode, touch]);
  const value = useMemo(
    () => ({
      mode,
      toggle: () => {
        const next = mode === "light" ? "dark" : "light";
        rememberMode(next);
        applyMode(next);
        setMode(next);
      },
    }),
    [mode],
  );
  return (
    <ModeContext value={value}>
      <ConfigProvider
        locale={zhCN}
        theme={theme}
        componentSize="small"
        button={{ autoInsertSpace: false }}
        wave={{ disabled: true }}
        getPopupContainer={(trigger) => trigger?.closest("dialog") ?? document.body}
      >
        {children}
      </ConfigProvider>
    </ModeContext>
  );
}

/** Whether a media query holds, followed as it changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const follow = () => setHolds(media.matches);
    follow();
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, [query]);
  return holds;
}
