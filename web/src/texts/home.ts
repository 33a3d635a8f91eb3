/** Words of the home page. */
export const HOME = {
  greeting: (name: string) => `${name}，您好`,
  mine: "我的队列",
  noQueues: "当前岗位没有待办队列",
  noQueuesAbout: "可以从左侧打开工单查询或考核。",
  overdue: "已超期",
  near: "临近时限",
  noneOverdue: "没有超期工单",
  noneNear: "没有临期工单",
  all: "全部",
  rates: "本期三率",
  openRank: "排名",
  rankOf: (rank: number, of: number) => `第 ${rank} 名（共 ${of}）`,
  admin: "管理岗位没有工单待办",
  adminAbout: "请从左侧进入单位、账号或审计。按三员分立的要求，管理员不办理工单。",
} as const;
