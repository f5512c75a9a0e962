/** A request to one of the laptop's own pages; `path` holds the parts below the page's own place, decoded. */
export type LocalRequest = {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly wantsJson: boolean;
};

export type LocalAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
};

export function jsonAnswer(status: number, body: unknown): LocalAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A page of ours: it runs no script and loads nothing but frames and images of this server. */
export function htmlAnswer(page: string): LocalAnswer {
  const policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
    body: page,
  };
}

export function missing(): LocalAnswer {
  return jsonAnswer(404, { error: 'there is nothing here' });
}
