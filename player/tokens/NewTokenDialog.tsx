import { useState } from 'preact/hooks';
import type { ResourceGroup, ScopeLevel, TokenScope } from '#engine/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { account, api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, CopyField, Dialog, DialogActions, Select, TextField } from '../design/index.ts';
import { text } from '../text/index.ts';
import { groupsFor, levelsOf } from './scopeChoices.ts';

const lifetimes = [7, 30, 90, 365];

/** Makes an access token and shows it once. */
export function NewTokenDialog({ onCreated, onClose }: { onCreated: () => void; onClose: () => void }) {
  const [token, setToken] = useState<string>();
  if (token === undefined) {
    return (
      <Dialog title={text.tokens.createTitle} onClose={onClose}>
        <TokenForm
          onToken={(made) => {
            setToken(made);
            onCreated();
          }}
          onClose={onClose}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title={text.tokens.createdTitle} onClose={onClose}>
      <CopyField label={text.tokens.token} value={token} hint={text.tokens.createdHint} />
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          {text.tokens.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function TokenForm({ onToken, onClose }: { onToken: (token: string) => void; onClose: () => void }) {
  const [name, setName] = useState('');
  const [lifetimeDays, setLifetime] = useState(90);
  const [levels, setLevels] = useState<Partial<Record<ResourceGroup, ScopeLevel>>>({ courses: 'read' });
  const scopes = Object.entries(levels).map(([group, level]): TokenScope => `${level}:${group as ResourceGroup}`);
  const create = useAction(async () => onToken((await api.createAccessToken({ body: { name, lifetimeDays, scopes } })).token));
  return (
    <ActionForm action={create}>
      <TextField label={text.tokens.name} hint={text.tokens.nameHint} value={name} error={create.fieldProblem('name')} onValue={setName} autofocus />
      <Select
        label={text.tokens.lifetime}
        value={String(lifetimeDays)}
        choices={lifetimes.map((days) => ({ value: String(days), label: text.tokens.days(days) }))}
        onValue={(days) => setLifetime(Number(days))}
      />
      <ScopeFields levels={levels} onLevels={setLevels} />
      {scopes.length === 0 ? <p class="small quiet">{text.tokens.noScopes}</p> : null}
      <DialogActions>
        <Button onClick={onClose}>{text.actions.cancel}</Button>
        <Button type="submit" variant="primary" isBusy={create.isBusy} disabled={scopes.length === 0}>
          {text.tokens.createDo}
        </Button>
      </DialogActions>
    </ActionForm>
  );
}

type Levels = Partial<Record<ResourceGroup, ScopeLevel>>;

/** One choice for each group of things. */
function ScopeFields({ levels, onLevels }: { levels: Levels; onLevels: (levels: Levels) => void }) {
  const isAdmin = account.value?.roles.includes('admin') ?? false;
  const choose = (group: ResourceGroup, level: string) => {
    const { [group]: _dropped, ...others } = levels;
    onLevels(level === '' ? others : { ...others, [group]: level as ScopeLevel });
  };
  return (
    <fieldset class="token__groups">
      <legend class="field__label">{text.tokens.scopes}</legend>
      {groupsFor(isAdmin).map((group) => (
        <Select
          key={group}
          label={text.tokens.groups[group]}
          value={levels[group] ?? ''}
          choices={[{ value: '', label: text.tokens.noAccess }, ...levelsOf(group, isAdmin).map((level) => ({ value: level, label: labelOf(group, level) }))]}
          onValue={(level) => choose(group, level)}
        />
      ))}
    </fieldset>
  );
}

function labelOf(group: ResourceGroup, level: ScopeLevel): string {
  return group === 'account' && level === 'admin' ? text.tokens.adminAccount : text.tokens.levels[level];
}
