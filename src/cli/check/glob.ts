/** True when a text is a pattern rather than a name. */
export function isGlob(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** The folders in front of the first part that is a pattern, and the pattern behind them. */
export function splitGlob(pattern: string): { readonly base: string; readonly rest: string } {
  const parts = pattern.split('/');
  const first = parts.findIndex(isGlob);
  const base = parts.slice(0, first).join('/');
  return { base: base === '' && pattern.startsWith('/') ? '/' : base, rest: parts.slice(first).join('/') };
}

/**
 * What a pattern matches, as a regular expression for paths with `/`: `*` and `?` within a name, `**` for any
 * folders, `[a-z]`, `{one,other}`.
 */
export function globPattern(glob: string): RegExp {
  let source = '';
  let braces = 0;
  for (let at = 0; at < glob.length; ) {
    const [token] = /^(\*\*\/|\*+|\?|\[!?\]?[^\]/]*\]|.)/s.exec(glob.slice(at)) as RegExpExecArray;
    if (token === '{') braces += 1;
    if (token === '**/') source += '(?:[^/]+/)*';
    else if (token.startsWith('*')) source += token === '**' ? '.*' : '[^/]*';
    else if (token === '?') source += '[^/]';
    else if (token.length > 1) source += characterClass(token);
    else if (token === '{') source += '(?:';
    else if (token === '}' && braces > 0) source += ')';
    else if (token === ',' && braces > 0) source += '|';
    else source += token.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
    if (token === '}' && braces > 0) braces -= 1;
    at += token.length;
  }
  return new RegExp(`^${source}${')'.repeat(braces)}$`, 'su');
}

function characterClass(token: string): string {
  const negated = token.startsWith('[!');
  const members = token.slice(negated ? 2 : 1, -1).replace(/[\\^[\]]/g, '\\$&');
  return `(?!/)[${negated ? '^' : ''}${members}]`;
}
