import type { Variant } from './content.ts';
import type { MediaFile } from './media.ts';

/** What a person is asked to publish by hand. */
export type Task = {
  /** Whom to ask. */
  readonly responsible: { readonly email: string; readonly name?: string };
  /** As this network will show it, link included. */
  readonly text: string;
  readonly link?: string;
  readonly thread: readonly string[];
  readonly firstComment?: string;
  readonly poll?: NonNullable<Variant['poll']>;
  /** What of this network's options is set. */
  readonly options: readonly { readonly name: string; readonly value: string }[];
  readonly media: readonly { readonly name: string; readonly alt: string; readonly file: MediaFile }[];
  /** Opens the network's own form, filled in as far as it takes. */
  readonly deepLink?: string;
  readonly profileUrl: string;
};
