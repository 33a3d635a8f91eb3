/**
 * 公文格式. The figures of GB/T 9704-2012 党政机关公文格式: paper, margins, sizes, lines, and which face is used for what.
 * Lengths are in the unit that is named; 1 pt is 20 twips.
 */

/** Fonts by what they are for; a machine that lacks one takes the next of the list. */
export const FACES = {
  /** 小标宋: the title and the red head. */
  title: ["方正小标宋简体", "华文中宋", "STZhongsong", "宋体", "Noto Serif CJK SC"],
  /** 仿宋: the body. */
  body: ["仿宋_GB2312", "仿宋", "FangSong", "STFangsong", "Noto Serif CJK SC"],
  /** 黑体: headings of the first level, 附件. */
  heading: ["黑体", "SimHei", "STHeiti", "Noto Sans CJK SC"],
  /** 楷体: headings of the second level. */
  subheading: ["楷体_GB2312", "楷体", "KaiTi", "STKaiti", "Noto Serif CJK SC"],
  /** 宋体: page numbers and tables. */
  plain: ["宋体", "SimSun", "STSong", "Noto Serif CJK SC"],
} as const;
export type Face = keyof typeof FACES;

export const PAPER_MM = { width: 210, height: 297 } as const;
/** 天头 37, 订口 28, 版心 156 × 225. */
export const MARGIN_MM = { top: 37, left: 28, bottom: 35, right: 26 } as const;
/** From the paper's edge to the page number: it stands 7 mm under the 版心. */
export const FOOTER_MM = 25;

/** 字号 in points: 2号 the title, 3号 the body, 4号 page numbers and imprint, 5号 and 小五号 tables. */
export const SIZE_PT = { title: 22, issuer: 40, body: 16, small: 14, table: 10.5, wideTable: 9 } as const;
/** 行距: 22 lines on a page. */
export const LINE_PT = 28;
export const TITLE_LINE_PT = 36;

/** 红 of the head. */
export const RED = "FF0000";

/** As Word measures: 1/1440 inch, rounded, so that A4 is the A4 that printers know. */
export const twips = (mm: number): number => Math.round((mm * 1440) / 25.4);
