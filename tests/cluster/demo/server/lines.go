package main

import (
	"bufio"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// lineLog writes numbered lines at a rate, so that a reader can tell which are missing.
type lineLog struct {
	count atomic.Int64
	rates chan float64
}

func newLineLog(rate float64) *lineLog {
	l := &lineLog{rates: make(chan float64, 1)}
	l.rates <- rate
	return l
}

func (l *lineLog) setRate(rate float64) { l.rates <- rate }

func (l *lineLog) run() {
	const tick = 20 * time.Millisecond
	out := bufio.NewWriterSize(os.Stdout, 64<<10)
	var rate, due float64
	ticker := time.NewTicker(tick)
	for {
		select {
		case rate = <-l.rates:
			due = 0
		case <-ticker.C:
		}
		if rate < 0 {
			for range 10_000 {
				l.write(out)
			}
			continue
		}
		for due += rate * tick.Seconds(); due >= 1; due-- {
			l.write(out)
		}
		_ = out.Flush() // nobody is left to tell when standard output is gone
	}
}

func (l *lineLog) write(out *bufio.Writer) {
	n := l.count.Add(1)
	fmt.Fprintf(out, "%s line %08d order=%06d status=200 took=%dms\n", time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"), n, 100_000+n*7919%900_000, 3+n*31%97)
}
