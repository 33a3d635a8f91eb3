/** Questions to the server that several pages ask, each with the key its answer is kept under. */
import { queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "./client.ts";
import { hasSide, works } from "./session.ts";
import type { ListQuery, Phrase, Session } from "./types.ts";

/** 我的工作队列, with counts; the three administrators have none. */
export function queuesQuery(session: Session) {
  return queryOptions({
    queryKey: ["queues"],
    queryFn: () => bodyOf(http.GET("/api/queues")),
    enabled: works(session),
    refetchInterval: 60_000,
    staleTime: 5_000,
  });
}

export function ticketQuery(id: string) {
  return queryOptions({
    queryKey: ["ticket", id],
    queryFn: () => bodyOf(http.GET("/api/tickets/{id}", { params: { path: { id } } })),
    staleTime: 10_000,
  });
}

/** 承办单位, with short names and aliases. */
export const unitsQuery = queryOptions({
  queryKey: ["units"],
  queryFn: () => bodyOf(http.GET("/api/units")),
  staleTime: 5 * 60_000,
});

/** 常用语 of a move, mine and the centre's, those used most in front. */
export function phrasesQuery(move: Phrase["move"]) {
  return queryOptions({
    queryKey: ["phrases", move],
    queryFn: () => bodyOf(http.GET("/api/phrases", { params: { query: move === "" ? {} : { move } } })),
    staleTime: 5 * 60_000,
    retry: false,
  });
}

/** The first few tickets of a search or a queue. */
export function fewTickets(query: ListQuery, limit: number) {
  return queryOptions({
    queryKey: ["tickets", "few", query, limit],
    queryFn: () => bodyOf(http.GET("/api/tickets", { params: { query: { ...query, limit } } })),
    staleTime: 10_000,
  });
}

/** 提醒: late, about to be late, left lying; read anew with the counts of the queues. */
export function alarmsQuery(session: Session) {
  return queryOptions({
    queryKey: ["alarms"],
    queryFn: () => bodyOf(http.GET("/api/alarms")),
    enabled: works(session),
    refetchInterval: 60_000,
    staleTime: 5_000,
  });
}

/** 班次: who is on, until when, and the newest hand-over; for the centre. */
export function dutyQuery(session: Session) {
  return queryOptions({
    queryKey: ["duty", "now"],
    queryFn: () => bodyOf(http.GET("/api/duty/now")),
    enabled: hasSide(session, "centre"),
    refetchInterval: 60_000,
    staleTime: 15_000,
  });
}

/** How many messages are unread; told live after the first answer. */
export function unreadQuery(session: Session) {
  return queryOptions({
    queryKey: ["unread"],
    queryFn: async () => (await bodyOf(http.GET("/api/inbox", { params: { query: { limit: 1 } } }))).unread,
    enabled: works(session),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** 不纳入考核: how many applications stand where, and how many wait for me. */
export function exemptionCountsQuery(session: Session) {
  return queryOptions({
    queryKey: ["exemptions", "counts"],
    queryFn: () => bodyOf(http.GET("/api/exemptions/counts")),
    enabled: works(session),
    refetchInterval: 60_000,
    staleTime: 5_000,
  });
}

/** 挂账: how many stand where, how many are to be looked at, and how many wait for me. */
export function shelvingCountsQuery(session: Session) {
  return queryOptions({
    queryKey: ["shelving", "counts"],
    queryFn: () => bodyOf(http.GET("/api/shelving/counts")),
    enabled: works(session),
    refetchInterval: 60_000,
    staleTime: 5_000,
  });
}

/** 盯办: how many items are mine, of a shift lead all. */
export const watchCountQuery = queryOptions({
  queryKey: ["watch", "count"],
  queryFn: () => bodyOf(http.GET("/api/watch/count")),
  refetchInterval: 60_000,
  staleTime: 5_000,
});

/** 履约事件 that wait for my answer or my review. */
export const incidentCountQuery = queryOptions({
  queryKey: ["incidents", "count"],
  queryFn: () => bodyOf(http.GET("/api/incidents/count")),
  refetchInterval: 60_000,
  staleTime: 5_000,
});

/** 履约报警 that nobody has acknowledged. */
export const incidentAlarmsQuery = queryOptions({
  queryKey: ["incidents", "alarms"],
  queryFn: () => bodyOf(http.GET("/api/incidents/alarms", { params: { query: {} } })),
  refetchInterval: 30_000,
  staleTime: 5_000,
});
