/** 试验用的申请. Applications brought to where the centre has approved them, every step through the routes by who owes it. */
import { bring, done, go, look } from "./tickets.ts";
import type { Answer, Client, Town } from "./town.ts";

const BAD = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };

export interface Approved {
  readonly id: string;
  readonly ticketId: string;
  readonly number: string;
}

export interface Exempting {
  readonly handler: Client;
  readonly supervisor: Client;
  readonly assessor: Client;
  readonly leader: Client;
  /** A ticket of the unit's that the city found unsolved, applied for and approved. */
  approved(more?: {
    readonly name?: string;
    readonly phone?: string;
    readonly files?: readonly string[];
  }): Promise<Approved>;
  /** Makes a batch of these; answers it. */
  batch(ids: readonly string[], key?: string): Promise<Answer["body"]>;
}

let keys = 0;

export async function openExempting(town: Town, unit = "香山"): Promise<Exempting> {
  const handler = await town.as("handler", unit);
  const supervisor = await town.as("supervisor");
  const assessor = await town.as("assessor");
  const leader = await town.as("leader");
  return {
    ...{ handler, supervisor, assessor, leader },
    async approved({ name = "王建国", phone = "13800001234", files = [] } = {}) {
      const ticket = { title: "地下室渗水", requesterName: name, requesterPhone: phone };
      const ticketId = await bring(town, "reported", unit, { ticket });
      await go(assessor, ticketId, "cityResult", { outcome: "answered", answers: BAD });
      const proof: object[] = [
        { kind: "legalBasis", text: "《北京市物业管理条例》第三十六条" },
        { kind: "contactRecord", text: "11月20日电话沟通，机主13911112222" },
      ];
      for (const words of files) {
        const put = done(
          await handler.upload(`/api/tickets/${ticketId}/attachments`, `${words}.txt`, Buffer.from(words)),
        );
        proof.push({ kind: "legalBasis", text: "", file: put.id });
      }
      const body = {
        ticketId,
        round: 1,
        ground: "unreasonable",
        reason: "诉求没有政策依据",
        evidence: proof,
      };
      const { id } = done(await handler.post("/api/exemptions", body));
      done(await supervisor.post(`/api/exemptions/${id}/review`, { decision: "pass", note: "佐证齐全" }));
      return { id, ticketId, number: (await look(assessor, ticketId)).number };
    },
    async batch(ids, key) {
      keys += 1;
      return done(await assessor.post("/api/exemptions/batches", { key: key ?? `request-${keys}`, ids }));
    },
  };
}
