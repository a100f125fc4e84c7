import { useState } from 'preact/hooks';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { SkeletonList } from '../design/index.ts';
import { text } from '../text/index.ts';
import { AuthenticatorApp } from './AuthenticatorApp.tsx';
import { Devices } from './Devices.tsx';
import { LinkedAccounts } from './LinkedAccounts.tsx';
import { Passkeys } from './Passkeys.tsx';
import { Password } from './Password.tsx';
import { RecoveryCodes, RecoveryCodesDialog } from './RecoveryCodes.tsx';
import type { SectionProps } from './SectionProps.ts';
import './security.css';

/** How a person signs in, and where. */
export default function SecurityPage() {
  usePageTitle(text.security.title);
  const { data: security, error, reload } = useLoaded((signal) => api.getSecurity({}, { signal }), []);
  const [codes, setCodes] = useState<readonly string[]>();
  const onChanged: SectionProps['onChanged'] = (recoveryCodes) => {
    reload();
    if (recoveryCodes) setCodes(recoveryCodes);
  };
  return (
    <div class="page page--reading">
      <h1>{text.security.title}</h1>
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {security || error ? null : <SkeletonList rows={4} />}
      {security ? (
        <>
          <Password security={security} onChanged={onChanged} />
          <Passkeys security={security} onChanged={onChanged} />
          <AuthenticatorApp security={security} onChanged={onChanged} />
          {security.totp || security.passkeys.length > 0 ? <RecoveryCodes security={security} onChanged={onChanged} /> : null}
          <LinkedAccounts security={security} onChanged={onChanged} />
        </>
      ) : null}
      <Devices />
      {codes ? <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} /> : null}
    </div>
  );
}
