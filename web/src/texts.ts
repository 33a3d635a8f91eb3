/** Every word of the screens that is no datum: short, official, kind. Words of the field come from core. */
import { ADMIN } from "./texts/admin.ts";
import { ASSESSMENT } from "./texts/assessment.ts";
import { CALLBACK } from "./texts/callback.ts";
import { DUTY } from "./texts/duty.ts";
import { EXEMPTION, SHELVING } from "./texts/exemption.ts";
import { COMMAND, FRAME, NAV } from "./texts/frame.ts";
import { HOME } from "./texts/home.ts";
import { INTAKE } from "./texts/intake.ts";
import { LEDGER } from "./texts/ledger.ts";
import { MOVES } from "./texts/moves.ts";
import { PEOPLE } from "./texts/people.ts";
import { QUEUE } from "./texts/queue.ts";
import { SESSION } from "./texts/session.ts";
import { TICKET } from "./texts/ticket.ts";
import { TICKETS } from "./texts/tickets.ts";

export const T = {
  product: "接诉 · 市民热线工作台",
  loading: "正在读取…",
  cancel: "取消",
  save: "保存",
  back: "返回",
  retry: "重试",
  nav: NAV,
  frame: FRAME,
  command: COMMAND,
  duty: DUTY,
  session: SESSION,
  tickets: TICKETS,
  ticket: TICKET,
  callback: CALLBACK,
  queue: QUEUE,
  home: HOME,
  assessment: ASSESSMENT,
  ledger: LEDGER,
  exemption: EXEMPTION,
  shelving: SHELVING,
  people: PEOPLE,
  admin: ADMIN,
  intake: INTAKE,
  moves: MOVES,
} as const;
