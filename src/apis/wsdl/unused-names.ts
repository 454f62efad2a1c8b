/** Gives every name once: one that is taken gets a number behind it. */
export class UnusedNames {
  private readonly counts = new Map<string, number>();

  take(name: string): string {
    let count = (this.counts.get(name) ?? 0) + 1;
    let unused = count === 1 ? name : `${name}${count}`;
    for (; unused !== name && this.counts.has(unused); unused = `${name}${count}`) count += 1;
    this.counts.set(name, count);
    if (unused !== name) this.counts.set(unused, 1);
    return unused;
  }
}
