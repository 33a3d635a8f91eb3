/** Words of signing in and out. */
export const SESSION = {
  login: "账号",
  password: "密码",
  signIn: "登录",
  needBoth: "请填写账号和密码。",
  about: "区级市民热线服务中心 · 接诉即办",
  help: "忘记密码请联系系统管理员重置。连续输错 5 次将锁定 15 分钟。",
  again: "请重新登录",
  keptWords: "登录已失效。页面和已填写的内容都会保留，登录后可继续。",
  idle: "长时间没有操作",
  idleAbout: (minutes: number) =>
    `再过约 ${minutes} 分钟将自动退出登录，以免他人误用。页面和已填写的内容都会保留。`,
  stay: "继续",
  idleFailed: "未能续期：",
  signedInAs: "账号",
  changePassword: "修改密码",
  signOut: "退出登录",
} as const;
