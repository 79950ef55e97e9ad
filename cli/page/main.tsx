import './page.css';
import { render } from 'preact';
import type { ChartLayout } from '../layout/types';
import { App } from './app';

async function main(): Promise<void> {
  const root = document.getElementById('app');
  const answer = await fetch('charts.json');
  const charts = (await answer.json()) as readonly ChartLayout[];
  if (root !== null) render(<App charts={charts} />, root);
}

void main();
