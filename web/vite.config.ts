/** How the workbench is built: one small start, every other page on demand, each file beside its compressed self. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

export default defineConfig({
  plugins: [react(), compressed()],
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

/** Writes .br and .gz beside every script and style: the server hands out what the browser takes, at no cost an answer. */
function compressed(): Plugin {
  return {
    name: "jiesu-compressed",
    apply: "build",
    async writeBundle({ dir = "dist" }) {
      const names = await readdir(dir, { recursive: true });
      const texts = names.filter((name) => /\.(js|css|svg)$/.test(name));
      await Promise.all(
        texts.map(async (name) => {
          const file = path.join(dir, name);
          const content = await readFile(file);
          await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
          await writeFile(`${file}.br`, await promisify(brotliCompress)(content));
        }),
      );
    },
  };
}
