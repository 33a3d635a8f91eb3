/** How the workbench is built: one small start, every other page on demand, old browsers of three years back. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist",
    target: ["chrome109", "edge109", "firefox115", "safari16"],
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": "http://127.0.0.1:8080" },
  },
});
