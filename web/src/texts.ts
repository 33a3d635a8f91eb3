/**
 * Every word of the screens that is no datum: short, official, kind. Words of the field come from core. A page that is
 * opened later takes its words from texts/ itself, so that they come with it.
 */
import { CALLBACK } from "./texts/callback.ts";
import { COMMAND, FRAME, NAV } from "./texts/frame.ts";
import { MOVES } from "./texts/moves.ts";
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
  session: SESSION,
  tickets: TICKETS,
  ticket: TICKET,
  callback: CALLBACK,
  queue: QUEUE,
  moves: MOVES,
} as const;
