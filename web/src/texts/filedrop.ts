/** Words of taking a file in, whatever it is of. */
export const FILE_DROP = {
  drop: "把文件拖到这里",
  choose: "选择文件",
  letGo: "松开，即上传这个文件",
  sending: (name: string) => `正在上传 ${name}`,
  reading: (name: string) => `已传完，正在识别 ${name}`,
  sent: (done: number, of: number) => `${megabytes(done)} / ${megabytes(of)} MB`,
  stop: "取消上传",
  stopped: "已取消，服务器没有留下任何内容。",
  tooBig: (most: number) => `文件超过 ${most} MB，请分成几个再导入。`,
  notArrived: (name: string) => `“${name}”没有收下：`,
  sendAgain: "重新上传",
} as const;

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
