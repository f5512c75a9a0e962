/** What every SDK client needs to talk to an engine on this machine: the engines take any signature. */
export function localClient(endpoint: string) {
  return {
    endpoint,
    region: LOCAL_REGION,
    credentials: LOCAL_KEYS,
  } as const;
}

export const LOCAL_REGION = 'eu-central-1';
export const LOCAL_KEYS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
