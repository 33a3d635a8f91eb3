/** 粘贴与拖入. Files that are pasted on the page or dropped on the ticket go to the ticket that is open. */
import { type DragEvent, useEffect, useState } from "react";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { filesOf, type Uploads } from "../../ui/upload.ts";

/** Handlers for the ticket's own element, and whether files hang over it now. */
export function useFileDrop(add: Uploads["add"]) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if (event.defaultPrevented) return; // a form that takes files itself has them
      const files = filesOf(event.clipboardData);
      // Text copied from a sheet brings a picture of itself along: the text is what was meant.
      if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      add(files.map(named));
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [add]);
  const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return {
    over,
    handlers: {
      onDragEnter: (event: DragEvent) => carriesFiles(event) && setOver(true),
      onDragOver: (event: DragEvent) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node) || !event.currentTarget.contains(to)) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        if (!carriesFiles(event)) return;
        setOver(false);
        if (event.defaultPrevented) return;
        event.preventDefault();
        add(filesOf(event.dataTransfer));
      },
    },
  };
}

/** Browsers call every pasted picture image.png. */
function named(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const time = minuteText(new Date().toISOString()).slice(11).replace(":", "");
  return new File([file], `${T.ticket.files.pasted(time)}.${file.name.split(".").at(-1)}`, {
    type: file.type,
  });
}
