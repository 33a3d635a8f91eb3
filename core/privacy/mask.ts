/** 个人信息遮盖. Finds telephone and identity numbers in a text and covers them; covers names and numbers for display. */

/** What stands in the text for a telephone number, an identity number and a bank card. */
const PHONE = "［电话］";
const IDENTITY = "［证件号］";
const CARD = "［卡号］";

/** A cheap look before the costly ones: seven digits in a row, or groups of them joined by a dash or a blank. */
const MAY_HOLD = /\d{7}|\d{3}[-—－ ]\d{4}/;
const WIDE = /[０-９]/;

const IDENTITY_NUMBER =
  /(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)/g;
const OLD_IDENTITY = /(?<=(?:身份证|证件)[^\d]{0,8})\d{15}(?!\d)/g;
const LONG_NUMBER = /(?<!\d)\d{16,19}(?!\d)/g;
const MOBILE = /(?<!\d)(?:(?:\+|00)?86[-— ]?)?1[3-9]\d[-— ]?\d{4}[-— ]?\d{4}(?!\d|\.\d|元|万元)/g;
const LANDLINE = /(?<!\d)(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3}[-—－ ]?)\d{7,8}(?:[-—－转]\d{1,5})?(?!\d)/g;
const NAMED_NUMBER =
  /(?<=(?:电话|手机|座机|联系方式|联系号码|来电号码|致电|回电)[^\d，。；\n]{0,6})\d{7,8}(?!\d)/g;

export interface Masked {
  readonly text: string;
  /** Whether anything was covered: then the text as it came has to be kept under seal. */
  readonly masked: boolean;
}

/**
 * Covers mobile, landline, identity and card numbers in a text. Covering twice changes nothing more. Ticket numbers,
 * dates and amounts stay. Full-width digits are read too.
 */
export function maskText(text: string): Masked {
  const wide = WIDE.test(text);
  if (!wide && !MAY_HOLD.test(text)) return { text, masked: false };
  const plain = wide ? narrowDigits(text) : text;
  const covered = plain
    .replace(IDENTITY_NUMBER, IDENTITY)
    .replace(OLD_IDENTITY, IDENTITY)
    .replace(LONG_NUMBER, (digits) => (isCard(digits) ? CARD : digits))
    .replace(MOBILE, PHONE)
    .replace(LANDLINE, PHONE)
    .replace(NAMED_NUMBER, PHONE);
  return covered === plain ? { text, masked: false } : { text: covered, masked: true };
}

/**
 * The digits of a telephone number without the country's code; "" when the number is covered (138****1234) or holds
 * none. Equal numbers written in two ways become equal.
 */
export function normalisePhone(text: string): string {
  if (/[*＊xX×]{2}/.test(text)) return "";
  const digits = narrowDigits(text).replace(/\D/g, "");
  return /^(?:00)?86(?:1[3-9]\d{9}|0?10\d{8})$/.test(digits) ? digits.replace(/^(?:00)?86/, "") : digits;
}

/** "张**": the first sign of a name. A covered name stays as it is. */
export function maskName(name: string): string {
  const signs = [...name.trim()];
  return signs.length < 2 ? signs.join("") : `${signs[0]}${"*".repeat(Math.min(2, signs.length - 1))}`;
}

/** "138****1234": head and tail of a number; a short one is covered whole. A covered number stays as it is. */
export function maskPhone(phone: string): string {
  const text = narrowDigits(phone).replace(/[\s-]/g, "");
  if (text === "") return "";
  if (text.length < 7) return "****";
  return `${text.slice(0, 3)}****${text.slice(-4)}`;
}

/** Whether a name or number has come covered already: it says nothing about the person and must not replace what does. */
export function isCovered(text: string): boolean {
  return /[*＊]/.test(text);
}

function narrowDigits(text: string): string {
  return text.replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0));
}

/** Luhn's check, so that a long number that is no card (an order, a meter) stays readable. */
function isCard(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const d = Number(digits[digits.length - 1 - i]);
    const twice = i % 2 === 1 ? d * 2 : d;
    sum += twice > 9 ? twice - 9 : twice;
  }
  return sum % 10 === 0 && /^[3-6]/.test(digits);
}
