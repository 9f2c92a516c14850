package main

import (
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// app answers the requests and keeps what they observe.
type app struct {
	lines   *lineLog
	started time.Time
	unready atomic.Bool

	mu       sync.Mutex
	requests map[int]int64 // answered, by status
	calls    []call
	held     [][]byte // memory that /burn?mem= holds
}

// call is one request of a probe or a hook, as /calls lists it.
type call struct {
	Time  time.Time `json:"time"`
	Path  string    `json:"path"`
	From  string    `json:"from"`
	Agent string    `json:"agent"`
	Query string    `json:"query,omitempty"`
}

const keptCalls = 1000

func newApp() *app {
	rate, err := number(os.Getenv("LOG_RATE"), 1)
	if err != nil {
		log.Fatalf("read LOG_RATE: %v", err)
	}
	a := &app{lines: newLineLog(rate), started: time.Now(), requests: map[int]int64{}}
	a.unready.Store(os.Getenv("DEMO_MODE") == "unready")
	return a
}

func (a *app) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", a.recorded(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }))
	mux.HandleFunc("/readyz", a.recorded(a.ready))
	mux.HandleFunc("/hook/", a.recorded(func(w http.ResponseWriter, r *http.Request) {
		log.Printf("hook %s called", filepath.Base(r.URL.Path))
		fmt.Fprintln(w, "ok")
	}))
	mux.HandleFunc("/version", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]string{"app": env("APP", "demo"), "version": env("VERSION", "dev"), "host": hostname()})
	})
	mux.HandleFunc("/metrics", a.metrics)
	mux.HandleFunc("/env", func(w http.ResponseWriter, _ *http.Request) { answer(w, slices.Sorted(slices.Values(os.Environ()))) })
	mux.HandleFunc("/files", files)
	mux.HandleFunc("/calls", func(w http.ResponseWriter, _ *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		answer(w, a.calls)
	})
	mux.HandleFunc("/burn", a.burn)
	mux.HandleFunc("/log", a.setRate)
	mux.HandleFunc("/exit", exit)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, "%s %s\n", env("APP", "demo"), env("VERSION", "dev"))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answered := &counted{w, http.StatusOK}
		mux.ServeHTTP(answered, r)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.requests[answered.status]++
	})
}

// counted knows the status that is answered with.
type counted struct {
	http.ResponseWriter
	status int
}

func (c *counted) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController flush.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (a *app) recorded(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		if len(a.calls) == keptCalls {
			a.calls = a.calls[1:]
		}
		a.calls = append(a.calls, call{time.Now(), r.URL.Path, r.RemoteAddr, r.UserAgent(), r.URL.RawQuery})
		a.mu.Unlock()
		next(w, r)
	}
}

// ready answers 503 while the pod is to be unready; /readyz?set=false and ?set=true change that.
func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	if set, err := strconv.ParseBool(r.URL.Query().Get("set")); err == nil {
		a.unready.Store(!set)
	}
	if a.unready.Load() {
		http.Error(w, "not ready: waiting for the order cache to warm up", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

func (a *app) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	fmt.Fprint(w, "# HELP http_requests_total Requests answered.\n# TYPE http_requests_total counter\n")
	a.mu.Lock()
	for _, status := range slices.Sorted(maps.Keys(a.requests)) {
		fmt.Fprintf(w, "http_requests_total{code=\"%d\"} %d\n", status, a.requests[status])
	}
	a.mu.Unlock()
	fmt.Fprintf(w, "# HELP demo_log_lines_total Lines written to the log.\n# TYPE demo_log_lines_total counter\ndemo_log_lines_total %d\n", a.lines.count.Load())
	fmt.Fprintf(w, "# HELP demo_uptime_seconds Time since the start.\n# TYPE demo_uptime_seconds gauge\ndemo_uptime_seconds %.3f\n", time.Since(a.started).Seconds())
}

// files prints the files of ?dir= (/etc/config), each with its content: what a mounted config map looks like from inside.
func files(w http.ResponseWriter, r *http.Request) {
	dir := r.URL.Query().Get("dir")
	if dir == "" {
		dir = "/etc/config"
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	found := map[string]string{}
	for _, path := range paths {
		if content, err := os.ReadFile(path); err == nil { // directories are skipped
			found[path] = string(content)
		}
	}
	answer(w, found)
}

// burn keeps ?cpu= cores busy for ?seconds= (60) and holds ?mem= MiB until the next call with mem.
func (a *app) burn(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	cores, err1 := number(query.Get("cpu"), 0)
	mebibytes, err2 := number(query.Get("mem"), -1)
	seconds, err3 := number(query.Get("seconds"), 60)
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	until := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	for ; cores > 0; cores-- {
		go spin(min(cores, 1), until)
	}
	if mebibytes >= 0 {
		a.hold(int(mebibytes))
	}
	fmt.Fprintln(w, "ok")
}

func (a *app) hold(mebibytes int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.held = nil
	for range mebibytes {
		block := make([]byte, 1<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1 // an untouched page does not count as used
		}
		a.held = append(a.held, block)
	}
}

func spin(share float64, until time.Time) {
	const slice = 10 * time.Millisecond
	busy := time.Duration(share * float64(slice))
	for time.Now().Before(until) {
		for start := time.Now(); time.Since(start) < busy; {
		}
		time.Sleep(slice - busy)
	}
}

func (a *app) setRate(w http.ResponseWriter, r *http.Request) {
	rate, err := number(r.URL.Query().Get("rate"), 1)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a.lines.setRate(rate)
	fmt.Fprintln(w, "ok")
}

func exit(w http.ResponseWriter, r *http.Request) {
	code, err := number(r.URL.Query().Get("code"), 0)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	log.Printf("exiting with %d on demand", int(code))
	fmt.Fprintln(w, "ok")
	_ = http.NewResponseController(w).Flush()
	os.Exit(int(code))
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // the client has gone away
}
