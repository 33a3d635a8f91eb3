/** 附件. Files that go with a step: sent at once, kept in the draft by id, and given to the step when it is taken. */
import { useRef } from "react";
import { upload } from "../../api/client.ts";
import { LIAISON } from "../../texts/liaison.ts";
import { FilePick, UploadList } from "../../ui/FilePick.tsx";
import { useUploads } from "../../ui/upload.ts";

export interface SentFile {
  readonly id: string;
  readonly name: string;
}

export function FilesField(props: {
  /** Names the place, as the draft does. */
  readonly lane: string;
  readonly title: string;
  readonly files: readonly SentFile[];
  readonly onChange: (files: readonly SentFile[]) => void;
}) {
  const { files, onChange } = props;
  const latest = useRef(files);
  latest.current = files;
  const change = (next: readonly SentFile[]) => {
    latest.current = next;
    onChange(next);
  };
  const uploads = useUploads(
    props.lane,
    { id: props.lane, title: props.title },
    async (file, onProgress, signal) => {
      const sent = await upload<SentFile>("/api/liaison-files", file, onProgress, signal);
      if (!latest.current.some((each) => each.id === sent.id))
        change([...latest.current, { id: sent.id, name: sent.name }]);
    },
    () => {},
  );
  return (
    <div className="evidence-files">
      {files.map((file) => (
        <span key={file.id} className="query-chip">
          {file.name}
          <button
            type="button"
            aria-label={`去掉${file.name}`}
            onClick={() => change(latest.current.filter((each) => each.id !== file.id))}
          >
            ×
          </button>
        </span>
      ))}
      <FilePick uploads={uploads} label={LIAISON.file} />
      <FilePick uploads={uploads} camera />
      <UploadList uploads={uploads} />
    </div>
  );
}
