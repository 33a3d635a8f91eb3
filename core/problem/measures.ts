/** 问题事件的指标. What each number of the table is called and counts; screens, hover and workbook take their words from here. */
import { PROBLEM_GROUPS } from "./rules.ts";

export const PROBLEM_MEASURES = {
  all: {
    name: "问题事件",
    definition:
      "期内梳理出的问题事件，按发生日计；同一工单同一轮次同一种类同一时限（或同一日结案）只计一次；申诉成立撤销的不计",
  },
  near: { name: PROBLEM_GROUPS.near, definition: "承办单位的时限进入临期时仍未办的次数，只统计不要求答复" },
  overdue: { name: PROBLEM_GROUPS.overdue, definition: "承办单位的时限到期时仍未办的次数" },
  closing: {
    name: PROBLEM_GROUPS.closing,
    definition: "结案后按结案标准复查发现的问题；一件工单可有几种，各计一次",
  },
  open: { name: "未办结", definition: "其中须答复而尚未办结的（待答复、待审、整改中、待确认）" },
  late: { name: "逾期未答", definition: "其中待答复、已过答复期限的" },
  dropped: { name: "申诉撤销", definition: "期内梳理出、经申诉成立撤销的，不计入问题事件" },
} as const;
