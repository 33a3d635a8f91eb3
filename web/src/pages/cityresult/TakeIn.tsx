/** 导入文件. A month and a file; what it is shows before anything counts. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { uploadCityResult } from "../../api/client.ts";
import type { CityFile } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { FileDrop } from "../../ui/FileDrop.tsx";
import { say } from "../../ui/toasts.tsx";
import { PeriodPick, usePeriod } from "../assessment/PeriodPick.tsx";
import { fileQuery, monthsQuery } from "./queries.ts";

export function TakeIn() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<string | undefined>(undefined);
  const period = usePeriod(asked);
  return (
    <div className="city-take">
      <FileDrop
        page={CITY.title}
        label={CITY.drop}
        kinds={CITY.kinds}
        mostMb={30}
        disabled={period === undefined}
        send={async (file, onProgress, signal) => {
          if (period === undefined) return;
          const taken = await uploadCityResult<CityFile>(period, file, onProgress, signal);
          queries.setQueryData(fileQuery(taken.id).queryKey, taken);
          await queries.invalidateQueries({ queryKey: monthsQuery.queryKey });
          if (taken.same) say(CITY.sameFile);
          void navigate({ to: "/assessment/city/file/$id", params: { id: taken.id } });
        }}
      >
        <PeriodPick period={period} onChange={setAsked} />
      </FileDrop>
    </div>
  );
}
