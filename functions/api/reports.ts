import * as z from 'zod';
import { notFound } from '../../shared/domain/app-error.ts';
import { AUDIENCES, type Audience, type Brand, localeSchema } from '../../shared/domain/brand.ts';
import type { StoredReport } from '../../shared/domain/report.ts';
import { renderReport } from '../../shared/email/report-mail.ts';
import type { Deps } from '../../shared/ports.ts';
import { requestReport, resendReport } from '../../shared/usecases/request-report.ts';
import { isId, visibleBrand } from './lookup.ts';
import { decodeCursor, pageQuery, pageSchema, presentPage } from './page.ts';
import { seesBrand } from './permission.ts';
import { presentReport, reportSchema, reportSummarySchema, summarize } from './report-view.ts';
import { type ApiAnswer, type ApiRequest, type Route, route } from './route.ts';
import { wants } from './wants.ts';

const tag = 'Reports';
const audience = z.enum(AUDIENCES);
const sending = {
  again: z.boolean().default(false).describe('Send it to recipients who have got it already'),
  audience: audience.optional().describe('Only to these recipients; absent: to all'),
};

export const reportRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/brands/{brandId}/reports',
    operationId: 'requestReport',
    summary: 'Make a report, and send it',
    description:
      'With `week`, the report of that week, made once; asked again it is the same one. Without, a provisional report ' +
      'up to now, which never counts as the week’s mail. `send` mails it to the brand’s recipients, each once; where ' +
      'nobody would get it, the answer is a 409.',
    tag,
    scope: 'editor',
    body: z
      .strictObject({
        week: z
          .string()
          .regex(/^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/, 'must be an ISO week like 2026-W47')
          .optional(),
        send: z.boolean().default(false),
        ...sending,
        note: z.string().trim().min(1).max(2_000).optional().describe('Your own words, on top of the report'),
      })
      .meta({ id: 'ReportInput', examples: [{ send: true, note: 'A good week, thanks to the new oven.' }] }),
    answers: { 201: reportSchema },
    handle: async (request, deps) => {
      const { caller, body } = request;
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      const report = await requestReport(deps, {
        ...body,
        agencyId: caller.agency.id,
        brandId: brand.id,
        actor: caller.actor,
      });
      return {
        status: 201,
        headers: { location: `/v1/reports/${report.id}` },
        body: presentReport(report, body.audience ?? 'agency'),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/brands/{brandId}/reports',
    operationId: 'listReports',
    summary: 'Reports of a client, newest first',
    tag,
    scope: 'reader',
    query: z.strictObject(pageQuery),
    answers: { 200: pageSchema(reportSummarySchema) },
    handle: async (request, deps) => {
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      const after = decodeCursor(request.query.cursor);
      const page = await deps.reports.list(request.caller.agency.id, brand.id, {
        limit: request.query.limit,
        ...(after === undefined ? {} : { after }),
      });
      return { status: 200, body: presentPage(page, summarize) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/reports/{reportId}',
    operationId: 'getReport',
    summary: 'One report, as data or as its readers see it',
    description:
      'JSON; by `Accept` also `text/html` (as mailed), `text/plain` and `text/csv`. All of them say the same numbers.',
    tag,
    scope: 'reader',
    query: z.strictObject({
      audience: audience
        .default('agency')
        .describe('Whose copy: the client’s, or the agency’s with its details'),
      locale: localeSchema.optional().describe('Language of HTML, text and CSV; absent: the brand’s'),
    }),
    answers: { 200: reportSchema },
    alsoAs: ['text/html', 'text/plain', 'text/csv'],
    handle: async (request, deps) => {
      const { report, brand } = await visibleReport(request, deps);
      const { audience: whose, locale } = request.query;
      const type = (['text/html', 'text/csv', 'text/plain'] as const).find((one) => wants(request, one));
      if (type === undefined) return { status: 200, body: presentReport(report, whose) };
      const agencyName = request.caller.agency.name;
      return rendered(report, type, { audience: whose, locale: locale ?? brand.locale, agencyName });
    },
  }),
  route({
    method: 'POST',
    path: '/v1/reports/{reportId}/send',
    operationId: 'sendReport',
    summary: 'Mail a report to the brand’s recipients',
    description:
      'The first time to every recipient who has not got it. Once it was asked for, a repetition is a 409, unless ' +
      '`again` says that it is meant; a 409, too, where nobody would get it: `unsubscribed` names who wants none.',
    tag,
    scope: 'editor',
    body: z.strictObject(sending).meta({ id: 'ReportSending' }),
    answers: { 200: reportSummarySchema },
    handle: async (request, deps) => {
      const { caller, body } = request;
      const { report } = await visibleReport(request, deps);
      const sent = await resendReport(deps, {
        ...body,
        agencyId: caller.agency.id,
        reportId: report.id,
        actor: caller.actor,
      });
      return { status: 200, body: summarize(sent) };
    },
  }),
];

async function visibleReport(
  request: Pick<ApiRequest, 'caller' | 'params'>,
  deps: Pick<Deps, 'reports' | 'brands'>,
): Promise<{ report: StoredReport; brand: Brand }> {
  const { caller, params } = request;
  const { reportId } = params;
  const report = isId('rep', reportId) ? await deps.reports.get(caller.agency.id, reportId) : undefined;
  if (report === undefined || !seesBrand(caller, report.brandId)) throw notFound('report');
  return { report, brand: await visibleBrand(request, deps, report.brandId) };
}

type TextType = 'text/html' | 'text/csv' | 'text/plain';
const MEMBER = { 'text/html': 'html', 'text/csv': 'csv', 'text/plain': 'text' } as const;

function rendered(
  report: StoredReport,
  type: TextType,
  copy: { readonly audience: Audience; readonly locale: string; readonly agencyName: string },
): ApiAnswer {
  const mail = renderReport(report.data[copy.audience], { ...copy, note: report.note });
  return {
    status: 200,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-language': copy.locale,
      vary: 'accept',
      // A report is words and numbers: nothing in it may load or run anything.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
    text: mail[MEMBER[type]],
  };
}
