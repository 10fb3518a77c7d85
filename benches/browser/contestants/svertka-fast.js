// Svertka's engine as the fast worker has it; a browser without relaxed SIMD says so.

import * as engine from '/engine-fast/speed.js';
import { serveEngine } from '../svertka.js';

serveEngine(engine, 'relaxed-simd');
