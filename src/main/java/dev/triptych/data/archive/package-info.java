/// Archives as files of others: ZIP, tar, idx and Parquet, gone through in sequence and, where their format allows it,
/// opened at a place. Nothing is ever unpacked to disk; what an archive promises is checked before it is believed.
package dev.triptych.data.archive;
