// Svertka's engine as the reproducible worker has it.

import * as engine from '/engine/speed.js';
import { serveEngine } from '../svertka.js';

serveEngine(engine, 'simd128');
