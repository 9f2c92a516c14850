package prometheus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/storage"
)

// pointsMax is what one series may have in an answer, as in the whole program.
const pointsMax = 11_000

// api answers as web/api/v1 does.
type api struct {
	engine *promql.Engine
	series storage.Queryable
}

// failure is an answer that is none. kind and status are those of web/api/v1.
type failure struct {
	kind   string
	status int
	err    error
}

func (a *api) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/-/ready", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "Prometheus Server is Ready.") })
	mux.HandleFunc("/api/v1/query", a.answered(func(ctx context.Context, r *http.Request) (promql.Query, error) {
		at, err := moment(r.FormValue("time"), time.Now())
		if err != nil {
			return nil, err
		}
		return a.engine.NewInstantQuery(ctx, a.series, nil, r.FormValue("query"), at)
	}))
	mux.HandleFunc("/api/v1/query_range", a.answered(func(ctx context.Context, r *http.Request) (promql.Query, error) {
		start, err1 := moment(r.FormValue("start"), time.Time{})
		end, err2 := moment(r.FormValue("end"), time.Time{})
		step, err3 := length(r.FormValue("step"))
		if err := errors.Join(err1, err2, err3); err != nil {
			return nil, err
		}
		if step <= 0 || end.Before(start) || end.Sub(start)/step > pointsMax {
			return nil, fmt.Errorf("from %v to %v every %v is no range of at most %d points", start, end, step, pointsMax)
		}
		return a.engine.NewRangeQuery(ctx, a.series, nil, r.FormValue("query"), start, end, step)
	}))
	return mux
}

func (a *api) answered(prepare func(context.Context, *http.Request) (promql.Query, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), queryTimeout)
		defer cancel()
		if text := r.FormValue("timeout"); text != "" {
			limit, err := length(text)
			if err != nil {
				refuse(w, failure{"bad_data", http.StatusBadRequest, err})
				return
			}
			ctx, cancel = context.WithTimeout(ctx, limit)
			defer cancel()
		}
		query, err := prepare(ctx, r)
		if err != nil {
			refuse(w, failure{"bad_data", http.StatusBadRequest, err})
			return
		}
		defer query.Close()
		result := query.Exec(ctx)
		if result.Err != nil {
			refuse(w, failed(result.Err))
			return
		}
		data := map[string]any{"resultType": result.Value.Type(), "result": result.Value}
		write(w, http.StatusOK, map[string]any{"status": "success", "data": data})
	}
}

func failed(err error) failure {
	var canceled promql.ErrQueryCanceled
	var late promql.ErrQueryTimeout
	var stored promql.ErrStorage
	switch {
	case errors.As(err, &canceled):
		return failure{"canceled", 499, err} // as nginx says that the client has gone
	case errors.As(err, &late):
		return failure{"timeout", http.StatusServiceUnavailable, err}
	case errors.As(err, &stored):
		return failure{"internal", http.StatusInternalServerError, err}
	default:
		return failure{"execution", http.StatusUnprocessableEntity, err}
	}
}

func refuse(w http.ResponseWriter, f failure) {
	write(w, f.status, map[string]any{"status": "error", "errorType": f.kind, "error": f.err.Error()})
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client has gone away
}

// moment is a time as seconds since 1970 or in RFC 3339.
func moment(text string, otherwise time.Time) (time.Time, error) {
	if text == "" && !otherwise.IsZero() {
		return otherwise, nil
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		whole, part := math.Modf(seconds)
		return time.Unix(int64(whole), int64(part*float64(time.Second))).UTC(), nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("cannot parse %q to a valid timestamp", text)
	}
	return at, nil
}

// length is a time as seconds or as 1m30s.
func length(text string) (time.Duration, error) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		return time.Duration(seconds * float64(time.Second)), nil
	}
	d, err := model.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("cannot parse %q to a valid duration", text)
	}
	return time.Duration(d), nil
}
