/** 听录音. Opens the recording of a callback in the telephone system, for those who may; each hearing goes on record. */
import { SoundOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { Callback } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { sayWrong } from "../../ui/toasts.tsx";
import { talkText } from "./talk.ts";

export function Listen({ callback, ticketId }: { callback: Callback; ticketId: string }) {
  const session = useSession();
  const [address, setAddress] = useState<string | null>(null);
  const may = hasRole(session, "caller", "shiftLead", "inspector", "closer", "leader");
  if (callback.talkSeconds === null && !(callback.recorded && may)) return null;
  const ask = async () => {
    try {
      const params = { path: { id: ticketId, callbackId: callback.id } };
      const heard = await bodyOf(http.POST("/api/tickets/{id}/callbacks/{callbackId}/listen", { params }));
      setAddress(heard.address);
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
  };
  return (
    <p className="quiet">
      {callback.talkSeconds !== null && <>{T.callback.talked(talkText(callback.talkSeconds))} </>}
      {callback.recorded &&
        may &&
        (address === null ? (
          <Button
            type="link"
            size="small"
            icon={<SoundOutlined aria-hidden="true" />}
            title={T.callback.listenAbout}
            onClick={() => void ask()}
          >
            {T.callback.listen}
          </Button>
        ) : (
          <a href={address} target="_blank" rel="noopener noreferrer">
            {address}
          </a>
        ))}
    </p>
  );
}
