/** What a mail says, before it becomes HTML or plain text: both are made of this, so both say the same. */
export type MailView = {
  readonly language: string;
  readonly subject: string;
  /** What a mailbox shows beside the subject. */
  readonly preheader: string;
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly Section[];
  readonly footer: readonly FooterLine[];
};

export type Section = {
  readonly heading?: string;
  /** `note` and `request` stand out. */
  readonly tone?: 'note' | 'request';
  readonly blocks: readonly Block[];
};

export type Block =
  | { readonly kind: 'figure'; readonly value: string; readonly label: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'small'; readonly text: string }
  | { readonly kind: 'bars'; readonly bars: readonly Bar[] }
  | { readonly kind: 'items'; readonly items: readonly Item[] };

export type Bar = {
  readonly label: string;
  readonly detail: string;
  readonly value: string;
  /** Length, 0 to 1; null: there is no number, and no bar. */
  readonly share: number | null;
};
export type Item = {
  readonly title: string;
  readonly lines: readonly string[];
  /** What to take from it; stands out from the lines. */
  readonly told?: readonly string[];
  /** Something went wrong. */
  readonly isTrouble?: boolean;
  readonly link?: { readonly href: string; readonly label: string };
};
export type FooterLine = { readonly text: string; readonly href?: string };

export type RenderedMail = { readonly subject: string; readonly html: string; readonly text: string };
