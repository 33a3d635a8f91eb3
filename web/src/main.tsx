/** Where the workbench starts. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "./api/problem.ts";
import { SessionGate } from "./pages/session/SessionGate.tsx";
import { router } from "./router.tsx";
import { whenThere } from "./ui/arriving.ts";
import { Appearance } from "./ui/mode.tsx";
import { applyMode, startingMode } from "./ui/theme.ts";
import "./ui/base.css";
import "./ui/ui.css";

applyMode(startingMode());

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays a refusal; only a broken line is worth a second try.
      retry: (failures, error) =>
        failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502),
      staleTime: 10_000,
    },
  },
});

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Appearance>
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
      </Appearance>
    </QueryClientProvider>
  </StrictMode>,
);

// The fallback font's many ranges are declared after the first paint; they load only where the system has no Chinese.
setTimeout(() => void whenThere(() => import("@fontsource-variable/noto-sans-sc")).catch(() => {}), 0);
