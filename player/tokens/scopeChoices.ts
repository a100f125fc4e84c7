import { resourceGroups, scopeLevels, tokenScopes } from '#engine/contract';
import type { ResourceGroup, ScopeLevel, TokenScope } from '#engine/contract';
import { text } from '../text/index.ts';

/** The levels that a person can give a token for a group: those of administrators only to administrators. */
export function levelsOf(group: ResourceGroup, isAdmin: boolean): ScopeLevel[] {
  return scopeLevels.filter((level) => tokenScopes.includes(`${level}:${group}`) && (isAdmin || (level !== 'admin' && group !== 'site')));
}

export function groupsFor(isAdmin: boolean): ResourceGroup[] {
  return resourceGroups.filter((group) => levelsOf(group, isAdmin).length > 0);
}

export function scopeName(scope: TokenScope): string {
  const [level, group] = scope.split(':') as [ScopeLevel, ResourceGroup];
  return `${group === 'account' && level === 'admin' ? text.tokens.adminAccount : text.tokens.groups[group]}: ${text.tokens.levels[level]}`;
}
