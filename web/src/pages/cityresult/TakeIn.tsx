/** 导入文件. A month and a file: one button, one key, or let go on the page; what it is shows before anything counts. */
import { UploadOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { uploadCityResult } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { CityFile } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { ProgressLine } from "../../ui/ProgressLine.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { filesOf } from "../../ui/upload.ts";
import { PeriodPick, usePeriod } from "../assessment/PeriodPick.tsx";
import { fileQuery, monthsQuery } from "./queries.ts";

export function TakeIn() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [asked, setAsked] = useState<string | undefined>(undefined);
  const period = usePeriod(asked);
  const [sending, setSending] = useState<{ name: string; done: number } | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  useHotkeys("u", () => input.current?.click(), { preventDefault: true });
  usePageKeys(CITY.keys);

  const send = async (file: File | undefined) => {
    if (!file || sending || period === undefined) return;
    setRefused(null);
    setSending({ name: file.name, done: 0 });
    try {
      const taken = await uploadCityResult<CityFile>(period, file, (done) =>
        setSending({ name: file.name, done }),
      );
      queries.setQueryData(fileQuery(taken.id).queryKey, taken);
      await queries.invalidateQueries({ queryKey: monthsQuery.queryKey });
      if (taken.same) say(CITY.sameFile);
      void navigate({ to: "/assessment/city/file/$id", params: { id: taken.id } });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
    setSending(null);
    if (input.current) input.current.value = "";
  };

  return (
    <section
      className="card city-take"
      aria-label={CITY.drop}
      data-over={over || undefined}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        void send(filesOf(e.dataTransfer)[0]);
      }}
    >
      {sending ? (
        <ProgressLine label={CITY.sending(sending.name)} done={sending.done} />
      ) : (
        <>
          <PeriodPick period={period} onChange={setAsked} />
          <div className="city-take-file">
            <Button
              type="primary"
              icon={<UploadOutlined aria-hidden="true" />}
              disabled={period === undefined}
              onClick={() => input.current?.click()}
            >
              {CITY.choose}
              <kbd className="on-button">U</kbd>
            </Button>
            <span className="quiet">{CITY.kinds}</span>
          </div>
        </>
      )}
      <input
        ref={input}
        className="sr"
        type="file"
        tabIndex={-1}
        aria-label={CITY.choose}
        accept=".xlsx,.xls,.csv,.txt"
        onChange={(e) => void send(e.target.files?.[0])}
      />
      {refused && (
        <Notice tone="wrong" onClose={() => setRefused(null)}>
          {refused}
        </Notice>
      )}
    </section>
  );
}
