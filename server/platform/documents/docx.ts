/**
 * Word 文件. Makes a .docx of a document in the format of official papers (GB/T 9704-2012). The same document and day
 * give the same bytes, so that a file can be told by its digest.
 */
import {
  type Annex,
  annexLines,
  type Block,
  type HeadingLevel,
  numbered,
  type ReportDocument,
} from "@jiesu/core/report/document.ts";
import { dayText } from "@jiesu/core/report/wording.ts";
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  type ISectionOptions,
  LineRuleType,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  SectionType,
  type Table,
  TextRun,
} from "docx";
import { docxTable } from "./docxtable.ts";
import {
  FACES,
  type Face,
  FOOTER_MM,
  LINE_PT,
  MARGIN_MM,
  PAPER_MM,
  RED,
  SIZE_PT,
  TITLE_LINE_PT,
  twips,
} from "./gbt9704.ts";
import { settle } from "./settle.ts";

export const DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/** The file's bytes; `at` is written into it as the moment when it was made. */
export async function docxOf(document: ReportDocument, at: number): Promise<Buffer> {
  const { title, annexes, imprint } = document;
  const last = annexes.length - 1;
  const ending = imprintBlocks(imprint);
  const file = new Document({
    title,
    creator: "接诉",
    evenAndOddHeaderAndFooters: true,
    styles: { default: { document: { run: { size: SIZE_PT.body * 2, font: fontsOf("body") } } } },
    sections: [
      section(false, [
        ...headBlocks(document),
        ...blocksOf(document.body, false),
        ...annexBlocks(annexes),
        ...signatureBlocks(document.signature),
        ...(annexes.length === 0 ? ending : []),
      ]),
      ...annexes.map((annex, i) =>
        section(annex.wide, [
          line(annexes.length === 1 ? "附件" : `附件${i + 1}`, { face: "heading" }),
          line(annex.title, { face: "title", size: SIZE_PT.title, align: "center", pitch: TITLE_LINE_PT }),
          ...blocksOf(annex.body, annex.wide),
          ...(i === last ? ending : []),
        ]),
      ),
    ],
  });
  return settle(await Packer.toBuffer(file), at);
}

const CHARACTER = SIZE_PT.body * 20;

interface Look {
  readonly face?: Face;
  readonly size?: number;
  readonly align?: "left" | "center" | "right";
  /** 首行缩进二字. */
  readonly indented?: boolean;
  /** Free characters at the right end. */
  readonly rightCharacters?: number;
  readonly pitch?: number;
  readonly colour?: string;
  readonly spaceBefore?: number;
  readonly keepWithNext?: boolean;
  readonly rule?: { readonly side: "top" | "bottom"; readonly colour: string };
}

/** Latin letters and digits in the same face: official papers know no second one. */
function fontsOf(face: Face) {
  const [name] = FACES[face];
  return { ascii: name, hAnsi: name, eastAsia: name, cs: name };
}

function line(text: string, look: Look = {}): Paragraph {
  const { face = "body", size = SIZE_PT.body, align = "left", pitch = LINE_PT } = look;
  return new Paragraph({
    alignment: AlignmentType[({ left: "LEFT", center: "CENTER", right: "RIGHT" } as const)[align]],
    spacing: { line: pitch * 20, lineRule: LineRuleType.EXACT, before: look.spaceBefore ?? 0, after: 0 },
    keepNext: look.keepWithNext ?? false,
    indent: {
      ...(look.indented ? { firstLine: 2 * CHARACTER } : {}),
      ...(look.rightCharacters ? { right: Math.round(look.rightCharacters * CHARACTER) } : {}),
    },
    ...(look.rule
      ? {
          border: {
            [look.rule.side]: { style: BorderStyle.SINGLE, size: 12, space: 4, color: look.rule.colour },
          },
        }
      : {}),
    children: [
      new TextRun({
        text,
        size: size * 2,
        font: fontsOf(face),
        ...(look.colour ? { color: look.colour } : {}),
      }),
    ],
  });
}

function section(wide: boolean, children: (Paragraph | Table)[]): ISectionOptions {
  return {
    properties: {
      type: SectionType.NEXT_PAGE,
      page: {
        size: {
          width: twips(PAPER_MM.width),
          height: twips(PAPER_MM.height),
          orientation: wide ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT,
        },
        margin: {
          top: twips(wide ? MARGIN_MM.left : MARGIN_MM.top),
          left: twips(wide ? MARGIN_MM.right : MARGIN_MM.left),
          bottom: twips(wide ? MARGIN_MM.right : MARGIN_MM.bottom),
          right: twips(wide ? MARGIN_MM.right : MARGIN_MM.right),
          footer: twips(wide ? MARGIN_MM.right / 2 : FOOTER_MM),
        },
      },
    },
    footers: { default: pageNumber("right"), even: pageNumber("left") },
    children,
  };
}

/** “— 1 —” 4号宋体: odd pages at the right, even ones at the left, one character in. */
function pageNumber(side: "left" | "right"): Footer {
  const run = { size: SIZE_PT.small * 2, font: fontsOf("plain") };
  return new Footer({
    children: [
      new Paragraph({
        alignment: side === "left" ? AlignmentType.LEFT : AlignmentType.RIGHT,
        indent: { [side]: SIZE_PT.small * 20 },
        children: [new TextRun({ ...run, children: ["— ", PageNumber.CURRENT, " —"] })],
      }),
    ],
  });
}

function headBlocks({ head, title, subtitle }: ReportDocument): Paragraph[] {
  return [
    ...(head
      ? [
          line(head.issuer, {
            ...{
              face: "title",
              size: SIZE_PT.issuer,
              align: "center",
              colour: RED,
              pitch: SIZE_PT.issuer * 1.5,
            },
            spaceBefore: LINE_PT * 20,
          }),
          line(head.number, {
            ...{ align: "center", spaceBefore: LINE_PT * 20 },
            rule: { side: "bottom", colour: RED },
          }),
        ]
      : []),
    line(title, {
      ...{ face: "title", size: SIZE_PT.title, align: "center", pitch: TITLE_LINE_PT },
      spaceBefore: head ? 2 * LINE_PT * 20 : 0,
    }),
    ...(subtitle === "" ? [] : [line(subtitle, { face: "subheading", align: "center" })]),
    line(""),
  ];
}

const HEADING_FACES: Readonly<Record<HeadingLevel, Face>> = { 1: "heading", 2: "subheading", 3: "body" };

function blocksOf(body: readonly Block[], wide: boolean): (Paragraph | Table)[] {
  return numbered(body).flatMap((block): (Paragraph | Table)[] => {
    if (block.kind === "heading")
      return [line(block.text, { face: HEADING_FACES[block.level], indented: true, keepWithNext: true })];
    if (block.kind === "paragraph")
      return block.text
        .split("\n")
        .filter((text) => text.trim() !== "")
        .map((text) => line(text.trim(), { indented: true }));
    if (block.kind === "note")
      return [line(`注：${block.text}`, { face: "plain", size: SIZE_PT.table, pitch: SIZE_PT.small })];
    const { caption } = block.table;
    return [
      ...(caption === "" ? [] : [line(caption, { face: "heading", align: "center", keepWithNext: true })]),
      docxTable(block.table, wide),
      line("", { pitch: SIZE_PT.small }),
    ];
  });
}

/** 附件说明: one line under the body, indented by two characters. */
function annexBlocks(annexes: readonly Annex[]): Paragraph[] {
  if (annexes.length === 0) return [];
  return [line(""), ...annexLines(annexes).map((text) => line(text, { indented: true }))];
}

/** 署名 and 成文日期: the day four characters from the right, the name centred over it. */
function signatureBlocks(signature: ReportDocument["signature"]): Paragraph[] {
  if (signature === null) return [];
  const day = dayText(signature.on);
  const over = Math.max(0, 4 + (widthOf(day) - widthOf(signature.by)) / 2);
  return [
    line(""),
    line(""),
    line(signature.by, { align: "right", rightCharacters: over, keepWithNext: true }),
    line(day, { align: "right", rightCharacters: 4 }),
  ];
}

/** In characters of the body; digits and Latin letters take half of one. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (letter <= "\u007f" ? 0.5 : 1), 0);

/** 版记: 抄送 and 印发 in 4号, between rules. */
function imprintBlocks(imprint: ReportDocument["imprint"]): Paragraph[] {
  if (imprint === null) return [];
  const look = { size: SIZE_PT.small, pitch: LINE_PT, colour: "000000" };
  return [
    line(""),
    line(`　抄送：${imprint.copies}`, { ...look, rule: { side: "top", colour: "000000" } }),
    line(`　${imprint.printedBy}　　${dayText(imprint.on)}印发`, {
      ...look,
      rule: { side: "bottom", colour: "000000" },
    }),
  ];
}
