/** What every SDK client needs to talk to an engine on this machine: the engines take any signature. */
export function localClient(endpoint: string) {
  return {
    endpoint,
    region: LOCAL_REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  } as const;
}

export const LOCAL_REGION = 'eu-central-1';
