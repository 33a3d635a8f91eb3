/** 导入工单的文件: sent, looked at, and opened on its own page. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { upload } from "../../api/client.ts";
import type { Batch } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { FileDrop } from "../../ui/FileDrop.tsx";
import { importPages, importQuery } from "./queries.ts";

export function DropZone() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <FileDrop
      page={INTAKE.title}
      kinds={INTAKE.kindsOfFile}
      mostMb={200}
      send={async (file, onProgress, signal) => {
        const batch = await upload<Batch>("/api/imports", file, onProgress, signal);
        queries.setQueryData(importQuery(batch.id).queryKey, batch);
        void queries.invalidateQueries({ queryKey: importPages.queryKey });
        void navigate({ to: "/intake/$id", params: { id: batch.id } });
      }}
    />
  );
}
