/** Names of things, each in it as long as somebody holds it: two rules may be about the same thing. */
export class Tally {
  private readonly holders = new Map<string, number>();

  get size(): number {
    return this.holders.size;
  }

  has(name: string): boolean {
    return this.holders.has(name);
  }

  add(name: string): void {
    this.holders.set(name, (this.holders.get(name) ?? 0) + 1);
  }

  delete(name: string): void {
    const others = (this.holders.get(name) ?? 0) - 1;
    if (others > 0) this.holders.set(name, others);
    else this.holders.delete(name);
  }
}
