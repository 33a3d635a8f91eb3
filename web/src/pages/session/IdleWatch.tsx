/** 无操作提醒. Hands at work keep the session; before an unattended one ends, it is told, and one key keeps it. */
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { lastTouch } from "../../api/hands.ts";
import { Problem, sentenceOf } from "../../api/problem.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Notice } from "../../ui/States.tsx";

const LOOK_MS = 30_000;
const MINUTE_MS = 60_000;
/** Told this long before the end. */
const TELL_MS = 5 * MINUTE_MS;
/** A form may be typed in for an hour without a request: the session is asked for so often while hands move. */
const KEEP_MS = 4 * MINUTE_MS;

/** `idleAt` as the server last said it. Ends by itself: the next request after the end is refused, and asks to sign in. */
export function IdleWatch({ idleAt, login }: { idleAt: string; login: string }) {
  const end = useRef(Date.parse(idleAt));
  const asked = useRef(Date.now());
  const [left, setLeft] = useState<number | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const ask = useRef(async (): Promise<void> => {});
  ask.current = async () => {
    asked.current = Date.now();
    const session = await bodyOf(http.GET("/api/session"));
    // Another person signed in beside this page: it must not go on in the first one's name.
    if (session.login !== login) location.assign("/");
    end.current = Date.parse(session.idleAt);
  };
  useEffect(() => {
    end.current = Date.parse(idleAt);
  }, [idleAt]);
  useEffect(() => {
    const look = async () => {
      const now = Date.now();
      const touched = lastTouch() > asked.current && now - asked.current > KEEP_MS;
      const ending = end.current - now < TELL_MS;
      // Another window may have kept the session: the server is asked before anybody is told.
      if (touched || ending) await ask.current().catch(() => {});
      const rest = end.current - Date.now();
      setLeft(rest < TELL_MS ? Math.max(0, rest) : null);
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  if (left === null || left === 0) return null;
  const stay = async () => {
    setBusy(true);
    setFailed(null);
    try {
      await ask.current();
      setLeft(null);
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.status === 401) setLeft(null);
      else setFailed(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={T.session.idle} width={420} onClose={() => void stay()}>
      <p>{T.session.idleAbout(Math.max(1, Math.round(left / MINUTE_MS)))}</p>
      {failed && (
        <Notice tone="wrong">
          {T.session.idleFailed}
          {failed}
        </Notice>
      )}
      <div className="dialog-foot">
        <Button type="primary" data-first loading={busy} onClick={() => void stay()}>
          {T.session.stay}
        </Button>
      </div>
    </Dialog>
  );
}
