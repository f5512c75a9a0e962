import type { ApiRequest } from './route.ts';

/** Does the caller like this content type better than JSON? `*` says nothing; of equal weights the first named wins. */
export function wants(request: Pick<ApiRequest, 'headers'>, type: string): boolean {
  return liking(request, type) > liking(request, 'application/json');
}

function liking({ headers }: Pick<ApiRequest, 'headers'>, type: string): number {
  const parts = (headers.accept ?? '').toLowerCase().split(',');
  return Math.max(
    0,
    ...parts.flatMap((part, place) => {
      const [name = '', ...params] = part.split(';').map((piece) => piece.trim());
      if (name !== type) return [];
      const weight = Number(params.find((param) => param.startsWith('q='))?.slice(2) ?? 1);
      return weight > 0 ? [weight - place / 1_000] : [];
    }),
  );
}
