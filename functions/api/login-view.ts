import * as z from 'zod';
import { LOGIN_STATUS, type PendingLogin } from '../../shared/domain/login.ts';
import { type Instant, toRfc3339 } from '../../shared/domain/time.ts';
import { instantSchema, type Language } from './answers.ts';
import { inGerman } from './german.ts';

const STATUS = [...LOGIN_STATUS, 'expired'] as const;

export const loginSchema = z
  .object({
    id: z.string(),
    brandId: z.string(),
    network: z.string(),
    reconnect: z.string().optional().describe('The channel that gets the new login'),
    status: z
      .enum(STATUS)
      .describe(
        '`waiting` for the browser to come back, `exchanging`, `choosing` one of `choices`, `connecting`; then ' +
          '`connected`, `failed` or `expired`',
      ),
    choices: z
      .array(z.object({ id: z.string(), handle: z.string(), url: z.string() }))
      .optional()
      .describe('The accounts that this login may post as, while one must be chosen'),
    channelId: z.string().optional().describe('What was connected'),
    problem: z
      .object({ code: z.string(), message: z.string() })
      .optional()
      .describe('Why it failed, or why the last choice was refused; English or German by Accept-Language'),
    expiresAt: instantSchema,
  })
  .meta({ id: 'Login' });

export const newLoginSchema = loginSchema
  .extend({ url: z.string().describe('Whoever opens it logs in; it is shown only now') })
  .meta({ id: 'NewLogin' });

export function presentLogin(
  login: PendingLogin,
  now: Instant,
  language: Language,
): z.infer<typeof loginSchema> {
  const { id, brandId, network, reconnect, choices, channelId, problem } = login;
  const isOpen = login.status !== 'connected' && login.status !== 'failed';
  const status = isOpen && now >= login.expiresAt ? 'expired' : login.status;
  return {
    id,
    brandId,
    network,
    ...(reconnect === undefined ? {} : { reconnect }),
    status,
    ...(status === 'choosing' && choices ? { choices: choices.map((account) => ({ ...account })) } : {}),
    ...(channelId === undefined ? {} : { channelId }),
    ...(problem === undefined
      ? {}
      : {
          problem: {
            code: problem.code,
            message: language === 'de' ? inGerman(problem.message) : problem.message,
          },
        }),
    expiresAt: toRfc3339(login.expiresAt),
  };
}
